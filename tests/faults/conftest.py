from collections.abc import Iterator
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Parsed

from tests.product import free_port


class Sink(Parsed):
    """An SMTP server that takes everything and remembers it."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Message] = []
        self.url = ""

    def handle_message(self, message: Message) -> None:
        self.mails.append(message)

    def to(self, address: str) -> list[Message]:
        return [mail for mail in self.mails if mail["To"] == address]


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=free_port())
    server.start()
    sink.url = f"smtp://{server.hostname}:{server.port}"
    yield sink
    server.stop()
