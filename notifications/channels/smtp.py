"""Django's way to a mail server, with one time limit for a whole talk.

A socket's own limit is for each word of the server: one that dribbles could keep a sender for longer than its
claim holds, and another would send the same mail.
"""

from __future__ import annotations

import io
import smtplib
import socket
import time
from typing import Any

from django.core.mail.backends import smtp

TALK = 15  # seconds for connecting and one message; half of the `MARGIN` of a claim that a talk needs
GOODBYE = 2
FOREVER = float("inf")


class Words(io.RawIOBase):
    """What the server says, byte by byte, as long as the talk may last."""

    def __init__(self, talk: Hurried, sock: socket.socket) -> None:
        self.talk, self.straight = talk, sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self.talk.hurry()
        return self.straight.readinto(buffer)

    def close(self) -> None:
        self.straight.close()
        super().close()


class Hurried(smtplib.SMTP):
    def __init__(self, *args: Any, mailer: EmailBackend, **kwargs: Any) -> None:
        self.mailer, self.each = mailer, kwargs.get("timeout")
        super().__init__(*args, **kwargs)

    def hurry(self) -> None:
        """The next word takes as long as one may, and as what is left of the talk. Raises TimeoutError."""
        left = self.mailer.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the talk took too long")
        if self.sock is not None and left != FOREVER:
            self.sock.settimeout(min(left, self.each or left))

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:  # after connecting, and again inside TLS
            self.file = io.BufferedReader(Words(self, self.sock))
        return super().getreply()

    def send(self, s: Any) -> None:
        if self.sock:
            self.hurry()
        super().send(s)


class HurriedSSL(Hurried, smtplib.SMTP_SSL):
    """The same inside TLS from the first byte."""


class EmailBackend(smtp.EmailBackend):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.until = FOREVER

    @property
    def connection_class(self) -> Any:
        made = HurriedSSL if self.use_ssl else Hurried
        return lambda *args, **kwargs: made(*args, mailer=self, **kwargs)

    def begin(self, seconds: float = TALK) -> None:
        self.until = time.monotonic() + seconds
