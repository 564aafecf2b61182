"""What a mail server means by its answer: the address, the mailbox, or us (RFC 5321, 4.2; RFC 3463)."""

from __future__ import annotations

import re
import smtplib

STATUS = re.compile(rb"\s*[245]\.(\d{1,3})\.(\d{1,3})\b")
WRONG_ADDRESS = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10)}  # the other 1.x speak of the sender, or of nothing
NO_SUCH_MAILBOX = (550, 551, 553)  # from servers that send no status
FULL, OUR_OWN = 2, 7  # subjects of a status: the mailbox, and rules or trust
FULL_CODE = 552
# Servers without a status say in words that it is us whom they do not trust.
ABOUT_US = re.compile(rb"relay|block|blacklist|spam|policy|reputation|banned|authent", re.IGNORECASE)


class Reply:
    def __init__(self, code: int, text: bytes | str) -> None:
        self.code, self.text = code, text if isinstance(text, bytes) else text.encode()
        found = STATUS.match(self.text)
        self.status = (int(found[1]), int(found[2])) if found else None

    @property
    def is_about_us(self) -> bool:
        """A list that we stand on, relaying that is denied: the same for whomever we write to."""
        told = self.status[0] == OUR_OWN if self.status else bool(ABOUT_US.search(self.text))
        return self.code >= 500 and told

    @property
    def is_final(self) -> bool:
        full = self.status[0] == FULL if self.status else self.code == FULL_CODE
        return self.code >= 500 and not full and not self.is_about_us

    @property
    def is_about_the_address(self) -> bool:
        wrong = self.status in WRONG_ADDRESS if self.status else self.code in NO_SUCH_MAILBOX
        return self.is_final and wrong


def replies(error: Exception) -> list[Reply]:
    """To the recipients, or to the text. None for what is not about one message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [Reply(*reply) for reply in error.recipients.values()]
    if isinstance(error, smtplib.SMTPDataError):
        return [Reply(error.smtp_code, error.smtp_error)]
    return []
