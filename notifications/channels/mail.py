"""E-mail: the same bytes for every person and cause, but for the link (K5)."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.utils import translation
from django.utils.translation import gettext as _

from notifications import kinds
from notifications.channels.letter import Letter
from notifications.channels.replies import replies
from notifications.channels.smtp import GOODBYE, TALK, EmailBackend

if TYPE_CHECKING:
    from notifications.models import Notification

logger = logging.getLogger(__name__)


def words(link: str, sentence: str = "") -> tuple[str, str]:
    """Subject and body. Only who asked for it finds the sentence of the notice in the body (K5)."""
    said = sentence or _("There is a message for you.")
    body = _("%(said)s\n\nRead it here:\n%(link)s\n") % {"said": said, "link": link}
    return _("You have a message"), body


def detail(notification: Notification) -> str:
    """The sentence of the notice, where the person asked for it (K5). Never in what is about signing in."""
    kind, reach = kinds.get(notification.kind), getattr(notification.recipient, "reach", None)
    tells = reach is not None and reach.tells_more and kind.for_residents and not kind.asked_for
    return str(kind.notice) if tells else ""


def message(notification: Notification) -> EmailMessage:
    link = kinds.get(notification.kind).mail_link(notification)
    with translation.override(kinds.language_of(notification)):
        subject, body = words(link, detail(notification))
    return Letter(
        notification.pk,
        subject=subject,
        body=body,
        to=[notification.recipient.email if notification.recipient else notification.address],
        headers={
            "Message-ID": f"<{notification.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )


class Mail:
    def __init__(self) -> None:
        self.mailer = mailers["default"]

    def open(self) -> None:
        self.begin(TALK)
        self.mailer.open()

    def send(self, notification: Notification) -> None:
        self.begin(TALK)
        try:
            self.mailer.send_messages([message(notification)])
        finally:
            connection = getattr(self.mailer, "connection", None)
            if connection and connection.sock is None:  # the server hung up: the next message opens anew
                self.close()

    def begin(self, seconds: float) -> None:
        if isinstance(self.mailer, EmailBackend):
            self.mailer.begin(seconds)

    def close(self) -> None:
        self.begin(GOODBYE)
        try:
            self.mailer.close()
        except Exception as error:  # a server that hangs says no goodbye either
            logger.warning("mail: %s at the end", type(error).__name__)

    def is_permanent(self, error: Exception) -> bool:
        """Whether the server refuses this recipient or this text for good: 5xx (RFC 5321, 4.2.1).

        A wrong password or a refused sender is our own mistake, and can be mended before the last try; a
        mailbox that is full can be emptied.
        """
        said = replies(error)
        return bool(said) and all(reply.is_final for reply in said)

    def is_outage(self, error: Exception) -> bool:
        """No connection, a hang, a hang-up, a refused sender, a list on which we stand: all that is not about
        this one message."""
        if said := replies(error):
            return all(reply.is_about_us for reply in said)
        return isinstance(error, OSError)

    def is_no_try(self, error: Exception) -> bool:
        """Never: there is one server, and what is not about the message is an outage."""
        return False

    def refuses_person(self, error: Exception) -> bool:
        said = replies(error) if isinstance(error, smtplib.SMTPRecipientsRefused) else []
        return bool(said) and all(reply.is_about_the_address for reply in said)

    def give_up(self, person: Any, now: datetime) -> None:
        """Their mails come back. Staff's stop too: the notice is where they sign in anyway."""
        from notifications import stopped

        stopped.mail(person, now)
