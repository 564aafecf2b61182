"""The mail that is the same for everybody but for its link (K5) is parsed and laid out once (T7)."""

from __future__ import annotations

import email.message
import email.policy
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage

NOBODYS = str(UUID(int=0))
FORMS = 64  # in as many words as a program uses, and as many ways of writing lines


class Letter(EmailMessage):
    """Django's message, with the same bytes; what everybody gets is not parsed again for each.

    The key of the notification is what tells one letter from another, beside the address.
    """

    def __init__(self, key: UUID, **fields: Any) -> None:
        super().__init__(**fields)
        self.key = str(key)

    def message(self, *, policy: Any = email.policy.default) -> email.message.EmailMessage:
        if self.body.count(self.key) != 1 or not "".join(self.to).isascii():
            return super().message(policy=policy)  # a link of another shape, or letters of another world
        headers = tuple(
            (name, value.replace(self.key, NOBODYS)) for name, value in self.extra_headers.items()
        )
        body = self.body.replace(self.key, NOBODYS)
        form = form_of(self.subject, body, self.from_email, headers, policy)
        if form is None:
            return super().message(policy=policy)
        made = email.message.EmailMessage(policy=policy)
        for name, value in form.raw_items():
            if name == "To":
                made["To"] = ", ".join(self.to)  # parsed: what is no address raises here
            elif name == "Date":
                made.set_raw(name, format_datetime(datetime.now(UTC)))
            else:
                made.set_raw(name, value.replace(NOBODYS, self.key) if NOBODYS in value else value)
        made.set_payload(str(form.get_payload()).replace(NOBODYS, self.key))
        return made


@lru_cache(FORMS)
def form_of(
    subject: str, body: str, sender: str, headers: tuple[tuple[str, str], ...], policy: Any
) -> email.message.EmailMessage | None:
    """As Django lays it out. None where the key cannot be filled in: a line that is encoded or broken, or
    bytes that the package keeps in a text of its own way."""
    to = ["nobody@people.example"]
    form = EmailMessage(subject, body, sender, to, headers=dict(headers)).message(policy=policy)
    payload = str(form.get_payload())
    return form if payload.isascii() and payload.count(NOBODYS) == 1 else None
