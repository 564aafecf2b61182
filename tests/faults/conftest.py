from collections.abc import Iterator
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Parsed

from tests.faults import private_words
from tests.product import Product, free_port, running

TALKATIVE = {"LOG_LEVEL": "DEBUG", "GRANIAN_LOG_ACCESS_ENABLED": "true"}


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


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=free_port())
    server.start()
    sink.url = f"smtp://{server.hostname}:{server.port}"
    yield sink
    server.stop()


@pytest.fixture(scope="session")
def premises(tmp_path_factory: pytest.TempPathFactory, sink: Sink) -> Iterator[tuple[Product, float]]:
    """One product for all faults. Something private is written first of all, so that the others' time passes
    over it before anybody looks where it went."""
    with running(tmp_path_factory.mktemp("faults"), number=2, MAIL_URL=sink.url, **TALKATIVE) as premises:
        open_up(premises)
        yield premises, private_words.write(premises)


@pytest.fixture
def house(premises: tuple[Product, float]) -> Product:
    """Web, worker and beat as real processes."""
    open_up(premises[0])
    return premises[0]


@pytest.fixture
def written_at(premises: tuple[Product, float]) -> float:
    return premises[1]


def open_up(premises: Product) -> None:
    if all(process.poll() is not None for process in premises.processes):
        premises.serve()
        premises.start("worker")
        premises.start("beat")
