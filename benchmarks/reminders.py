"""What reminders cost (T7), and how late they come (T8), in a program of very many plans.

`python -m benchmarks.reminders 100000` fills the database of the environment with as many clients whose
reminder falls due at once. It plans them, claims them, and mails some of them into memory, against the least
that any sender has to do. `python -m benchmarks.reminders late 2000`, with a worker and a beat at work on the
same database, lets so many fall due in 20 seconds.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core import mail  # noqa: E402
from django.core.mail import EmailMessage, mailers  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Stay, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from benchmarks.figures import Figure, tell  # noqa: E402
from checkins.models import ReminderPlan  # noqa: E402
from notifications import delivery  # noqa: E402
from notifications.models import Notification  # noqa: E402
from recovery_site.celery import TICK_SECONDS  # noqa: E402

TOGETHER = 5_000  # rows filled in one transaction
SENT, CLAIMED, TURNS = 4_000, 500, 3
ALERTS = 65  # a second: the best that healthchecks' sendalerts does (performance.md)
PLANNED, OF_FLOOR, OF_ALERTS, OF_ONE = 10_000, 0.6, 10, 1.7
WITHIN, LATE, AHEAD, PATIENCE = 20, 1.0, 25, 90  # seconds
IDLE_QUERIES = 3
MEMORY = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


def noon_zone(now: datetime) -> str:
    """Where it is about noon, far from quiet hours."""
    ahead = 12 - now.hour
    return f"Etc/GMT{'-' if ahead >= 0 else '+'}{abs(ahead)}"


def fill(many: int, now: datetime) -> None:
    """Clients in the house, each with a plan that fell due a minute ago, by a clock on which it is noon."""
    zone = noon_zone(now)
    due = (now - timedelta(minutes=1)).replace(microsecond=0)
    today = timezone.localdate(now)
    there = due.astimezone(User(time_zone=zone).zone)
    for first in range(0, many, TOGETHER):
        numbers = range(first, min(first + TOGETHER, many))
        with transaction.atomic():
            people = User.objects.bulk_create(
                User(username=f"c{n}", role=Role.CLIENT, email=f"c{n}@people.example", time_zone=zone)
                for n in numbers
            )
            Stay.objects.bulk_create(Stay(client=person, admitted_on=today) for person in people)
            ReminderPlan.objects.bulk_create(
                ReminderPlan(
                    client=person, at=there.time(), next_on=there.date(), next_at=due, zone_name=zone
                )
                for person in people
            )
    analyze()


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def claim_all() -> None:
    while Notification.objects.claim(timezone.now(), CLAIMED):
        pass


def due_again(some: list[UUID]) -> None:
    """As before anything was sent. None counts among the few messages of a day yet."""
    rows = Notification.objects.filter(pk__in=some)
    rows.update(
        state="due", claim=None, claimed_until=None, shown_at=None, sent_at=None, slot=None, slot_on=None
    )
    mail.outbox = []


def floor() -> None:
    """The least that sending takes: claim, commit, build, hand over, and mark a batch in one statement."""
    mailer = mailers["default"]
    while claim := Notification.objects.claim(timezone.now(), CLAIMED):
        rows = Notification.objects.filter(claim=claim)
        found = list(rows.values_list("pk", "recipient__email"))
        for pk, address in found:
            link = f"{settings.SITE_URL}/notices/{pk}/"
            mailer.send_messages(
                [EmailMessage("You have a message", f"Read it here:\n{link}\n", to=[address])]
            )
        rows.update(state="sent", sent_at=timezone.now(), claim=None, claimed_until=None)


def ours() -> None:
    while delivery.deliver():
        pass


def two_processes() -> int:
    """How many mails two senders at once have sent between them."""
    connection.close()
    readers = []
    for _number in range(2):
        reader, writer = os.pipe()
        if os.fork() == 0:
            try:
                ours()
                os.write(writer, str(len(mail.outbox)).encode())
            finally:
                os._exit(0)
        os.close(writer)
        readers.append(reader)
    sent = sum(int(os.read(reader, 20) or 0) for reader in readers)
    for _number in readers:
        os.wait()
    return sent


def idle() -> tuple[int, float]:
    """Queries and milliseconds of a tick in which nothing falls due."""
    with CaptureQueriesContext(connection) as queries:
        taken = seconds(lambda: ReminderPlan.objects.plan(timezone.now()))
    asked = [query for query in queries if query["sql"].startswith(("SELECT", "INSERT", "UPDATE"))]
    return len(asked), taken * 1000


def main(many: int) -> Iterator[Figure]:
    fill(many, datetime.now(UTC))
    planning = seconds(lambda: ReminderPlan.objects.plan(timezone.now()))
    analyze()
    claiming = seconds(claim_all)
    if Notification.objects.filter(state="claimed").count() != many:
        raise SystemExit("Not each plan has one message that is claimed")
    queries, idling = idle()
    some = list(Notification.objects.values_list("pk", flat=True)[:SENT])
    Notification.objects.exclude(pk__in=some)._raw_delete("default")
    analyze()
    rates = turns(some)
    note = f"{many:,} fall due at once"
    yield Figure("T7", "planned", many / planning, "rows/s", PLANNED, least=True, note=note)
    yield Figure("T7", "claimed", many / claiming, "rows/s", PLANNED, least=True, note=note)
    note = f"{rates['one']:,.0f} mails/s, the floor {rates['floor']:,.0f}, two senders {rates['two']:,.0f}"
    of_floor, of_alerts, of_one = (
        rates["one"] / rates["floor"],
        rates["one"] / ALERTS,
        rates["two"] / rates["one"],
    )
    yield Figure("T7", "one sender, of the floor's batch", of_floor, "", OF_FLOOR, least=True, note=note)
    yield Figure("T7", "one sender, of healthchecks' sendalerts", of_alerts, "", OF_ALERTS, least=True)
    yield Figure("T7", "two senders, of one; none doubled", of_one, "", OF_ONE, least=True)
    note = f"{idling:.0f} ms with {many:,} plans"
    yield Figure("T8", "an idle tick", queries, "queries", IDLE_QUERIES, exact=True, note=note)


def turns(some: list[UUID]) -> dict[str, float]:
    """Messages a second, the middle of some turns, in which each waits for the others. Checks each mail."""
    taken: dict[str, list[float]] = {"floor": [], "one": [], "two": []}
    for _turn in range(TURNS):
        for name, act in (("floor", floor), ("one", ours)):
            due_again(some)
            taken[name].append(seconds(act))
            if len(mail.outbox) != len(some):
                raise SystemExit(f"{name}: {len(mail.outbox)} mails for {len(some)} messages")
        due_again(some)
        start = time.perf_counter()
        sent = two_processes()
        taken["two"].append(time.perf_counter() - start)
        if (sent, Notification.objects.filter(state="sent").count()) != (len(some), len(some)):
            raise SystemExit(f"Two senders sent {sent} mails for {len(some)} messages")
    return {name: len(some) / statistics.median(times) for name, times in taken.items()}


@contextmanager
def falling_due(some: int) -> Iterator[datetime]:
    """So many plans, one after the other in WITHIN seconds; yields when the last one falls due."""
    begin = datetime.now(UTC) + timedelta(seconds=AHEAD)
    plans = list(ReminderPlan.objects.select_related("client").order_by("pk")[:some])
    for number, plan in enumerate(plans):
        plan.next_at = begin + timedelta(seconds=number * WITHIN / some)
        there = plan.next_at.astimezone(plan.client.zone)
        plan.at, plan.next_on, plan.planned_on = there.time(), there.date(), None
    Notification.objects.all()._raw_delete("default")
    ReminderPlan.objects.bulk_update(plans, ["at", "next_on", "next_at", "planned_on"], batch_size=500)
    yield begin + timedelta(seconds=WITHIN)


def late(some: int) -> Iterator[Figure]:
    """From the minute of a reminder until it was sent, by a worker and a beat that are at work."""
    with falling_due(some) as last:
        until = last + timedelta(seconds=PATIENCE)
        while Notification.objects.filter(state="sent").count() < some and datetime.now(UTC) < until:
            time.sleep(0.5)
    rows = Notification.objects.filter(state="sent").values_list("not_before", "sent_at")
    lateness = sorted((sent_at - due).total_seconds() for due, sent_at in rows if sent_at)
    if len(lateness) != some:
        raise SystemExit(f"{len(lateness)} of {some} were sent")
    note = f"p50 {lateness[len(lateness) // 2]:.1f} s; {some:,} fall due in {WITHIN} s"
    p99 = lateness[int(len(lateness) * 0.99)]
    yield Figure("T8", "lateness p99", p99, "s", TICK_SECONDS + LATE, note=note)


if __name__ == "__main__":
    settings.DEBUG = False
    if sys.argv[1] == "late":
        tell(late(int(sys.argv[2])))
    else:
        with override_settings(MAILERS=MEMORY):
            tell(main(int(sys.argv[1])))
