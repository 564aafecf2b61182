import threading
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import RequestAborted

_one_at_a_time = threading.BoundedSemaphore(1)
WAIT_SECONDS = 10


class Busy(RequestAborted):
    """Too many people are signing in at this moment."""


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """argon2id, one hash at a time per process, so that sign-ins do not starve every other page.

    The figures (t=3, m=64 MiB, p=1) are those of the project's security design, after OWASP.
    Raises Busy when the wait for the turn passes WAIT_SECONDS.
    """

    time_cost = 3
    memory_cost = 65_536
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with self._turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with self._turn():
            return super().verify(password, encoded)

    def _turn(self) -> Any:
        return _Turn()


class _Turn:
    def __enter__(self) -> None:
        if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
            raise Busy

    def __exit__(self, *exception: object) -> None:
        _one_at_a_time.release()
