import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from notifications import kinds
from notifications.models import Notification, Preference
from tests.product import free_port

PLAIN, OTHER, URGENT, QUIET = "tests.plain", "tests.other", "tests.urgent", "tests.notice_only"
CAPPED = "tests.capped"


@pytest.fixture(autouse=True)
def five_kinds(monkeypatch):
    def register(name, **behaviour):
        given = {"name": name, "notice": f"About {name}.", "page": lambda row: "/notices/", "capped": False}
        kind = kinds.Kind(**given | behaviour)
        monkeypatch.setitem(kinds._kinds, name, kind)

    register(PLAIN)
    register(OTHER)
    register(URGENT, urgent=True)
    register(QUIET, mails=False)
    register(CAPPED, capped=True)


@pytest.fixture
def post():
    """Puts a message in the outbox and returns its row."""

    def posted(recipient, kind=PLAIN, **fields) -> Notification:
        now = timezone.now()
        given = {
            "about": uuid.uuid4(),
            "due_on": now.date(),
            "not_before": now - timedelta(seconds=1),
        } | fields
        Notification.objects.post(recipient=recipient, kind=kind, **given)
        return Notification.objects.get(recipient=recipient, kind=kind, about=given["about"])

    return posted


@pytest.fixture
def awake(transactional_db):
    """People without quiet hours, each with an address, for tests that run by the real clock."""

    def wake(number):
        people = User.objects.bulk_create(
            User(
                username=f"guest-{n}",
                role=Role.CLIENT,
                chosen_name=f"Guest {n}",
                email=f"guest-{n}@x.example",
            )
            for n in range(number)
        )
        Preference.objects.bulk_create(
            Preference(person=person, quiet_from=time(0), quiet_until=time(0)) for person in people
        )
        return people

    return wake


class Sink:
    """A mail server that keeps what it gets and refuses whom it is told to refuse."""

    def __init__(self):
        self.received = []
        self.replies = {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if reply := self.replies.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def sink(settings):
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.MAILERS = smtp_on(controller.port)
    yield sink
    controller.stop()


def smtp_on(port):
    backend = "notifications.channels.smtp.EmailBackend"
    return {"default": {"BACKEND": backend, "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5}}}


TODAY = date(2026, 11, 24)
EVENING = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)  # 19:00 in New York
NIGHT = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)  # 23:00
