"""Web, worker and beat as real processes, and an SMTP server that takes what they send."""

import time
from datetime import UTC, datetime, timedelta
from email.message import Message
from zoneinfo import ZoneInfo

from tests.faults.conftest import Sink
from tests.product import Product, wait_for
from tests.visitor import Visitor

# Cities an hour or so apart, so that it is the middle of the day in one of them at any time.
ZONES = [
    "Pacific/Auckland",
    "Asia/Tokyo",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Europe/Helsinki",
    "Europe/London",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Los_Angeles",
    "Pacific/Honolulu",
]
TICK_SECONDS = 10
SAM, NOOR = "sam@people.example", "noor@people.example"


def midday_zone() -> str:
    return min(ZONES, key=lambda name: abs(datetime.now(ZoneInfo(name)).hour - 13))


def next_minute() -> datetime:
    """The next full minute that leaves two ticks before it."""
    return (datetime.now(UTC) + timedelta(seconds=90)).replace(second=0, microsecond=0)


def plan_reminder(visitor: Visitor, due: datetime, zone: str) -> None:
    visitor.get("/me/")
    visitor.submit("time_zone", time_zone=zone)
    visitor.get("/me/reminders/")
    visitor.submit("at", is_on="on", at=f"{due.astimezone(ZoneInfo(zone)):%H:%M}")
    assert "Your next reminder" in visitor.html


def sleep_until(moment: datetime) -> None:
    time.sleep(max(0, (moment - datetime.now(UTC)).total_seconds()))


def test_k3_one_reminder_arrives_and_none_after_answering(house: Product, sink: Sink) -> None:
    sam, noor = Visitor(house.url), Visitor(house.url)
    sam.sign_in("sam")
    noor.sign_in("noor")
    due = next_minute()
    plan_reminder(sam, due, midday_zone())
    plan_reminder(noor, due, midday_zone())

    sleep_until(due - timedelta(seconds=8))  # both messages lie in the outbox by now
    noor.get("/check-in/")
    noor.submit("note", mood="4")
    assert sink.to(SAM) == []

    wait_for(lambda: bool(sink.to(SAM)), seconds=60)
    late = (datetime.now(UTC) - due).total_seconds()
    assert 0 <= late <= 2 * TICK_SECONDS
    sam.get("/check-in/")
    sam.submit("note", mood="3")
    time.sleep(2.5 * TICK_SECONDS)

    assert len(sink.to(SAM)) == 1
    assert sink.to(NOOR) == []
    assert_content_free(sink.to(SAM)[0], house.url)


def assert_content_free(mail: Message, url: str) -> None:
    lines = mail.get_payload(decode=True).decode().split()
    link = next(word for word in lines if word.startswith(url))
    assert mail["Subject"] == "You have a message"
    assert " ".join(lines) == f"There is a message for you. Read it here: {link}"
