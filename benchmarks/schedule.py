"""T5, T6 and T10: what a schedule of many years costs, against one of a few weeks in the same run.

`python -m benchmarks.schedule 100000` fills the database of the environment with as many sessions, of 200
series that are as old as that makes them, and tells each figure as a ratio.
"""

import os
import statistics
import sys
import time as clock
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Stay, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from benchmarks.figures import Figure, tell  # noqa: E402
from benchmarks.program import CROWD, CROWDED, MONDAY, NOW, SERIES, crowd, fill, plan  # noqa: E402
from groups import recurrence, unrecorded  # noqa: E402
from groups.board import week_of  # noqa: E402
from groups.models import Booking, Facilitator, Group, Room, Series, Session  # noqa: E402
from groups.models.moving import Move  # noqa: E402

FEW = 1_000
ASKED, ACTS, WEEKS_OF_A_YEAR = 15, 200, 52
AT_MOST = {"T5": 1.5, "T6": 10.0, "T10": 1.5, "T10 year": 3.0}  # ratios; T6 in milliseconds


def lists(ana: User, sam: User, mara: User) -> dict[str, Callable[[], Any]]:
    """Every page that lists sessions, ready to be asked for by its reader, and what runs by the clock."""
    led = Session.objects.filter(facilitators__person=ana, starts_at__gt=NOW).order_by("starts_at")
    group, session = Group.objects.order_by("name")[0], led[0]
    return {
        "board, a week": asked("/schedule/", ana),
        "board, a day": asked(f"/schedule/?day={MONDAY}", ana),
        "board, by person": asked("/schedule/?by=person", ana),
        "board, crowded": asked(f"/schedule/?week={week_of(CROWDED)}", ana),
        "crowded, by room": asked(f"/schedule/?week={week_of(CROWDED)}&by=room", ana),
        "crowded, a day": asked(f"/schedule/?day={CROWDED}", ana),
        "month": asked("/schedule/month/", ana),
        "client's week": asked("/schedule/week/", sam),
        "groups": asked("/groups/", sam),
        "group": asked(group.get_absolute_url(), sam),
        "session": asked(session.get_absolute_url(), ana),
        "needs attention": asked("/schedule/attention/", mara),
        "client's Today": asked("/today/", sam),
        "clinician's Today": asked("/today/", ana),
        "manager's Today": asked("/today/", mara),
        "own attendance": asked("/me/attendance/", sam),
        "tick of waitlists": lambda: Session.objects.turn_waitlists(NOW),
        "tick of the expected": lambda: Session.objects.expect_people(NOW),
        "tick of blank sheets": lambda: list(unrecorded.left_blank(NOW)),
    }


def asked(path: str, reader: User) -> Callable[[], Any]:
    browser = Client(headers={"host": "localhost"})
    browser.force_login(reader)

    def ask() -> None:
        status = browser.get(path).status_code
        if status != 200:
            raise SystemExit(f"{path} answered {status}")

    return ask


def p50(act: Callable[[], Any], times: int = ASKED) -> float:
    """Median milliseconds, once it is warm."""
    act()
    return statistics.median(timed(act) for _ in range(times))


def timed(act: Callable[[], Any]) -> float:
    start = clock.perf_counter()
    act()
    return (clock.perf_counter() - start) * 1000


@contextmanager
def database_time() -> Iterator[list[float]]:
    """Milliseconds that the database took, statements and commits."""
    spent, commit = [0.0], connection._commit

    def statement(execute: Callable[..., Any], *arguments: Any) -> Any:
        start = clock.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent[0] += (clock.perf_counter() - start) * 1000

    def committed() -> None:
        spent[0] += timed(commit)

    connection._commit = committed  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(statement):
            yield spent
    finally:
        connection._commit = commit  # type: ignore[method-assign]


def p99(act: Callable[[int], Any]) -> float:
    found = []
    for number in range(ACTS):
        with database_time() as spent:
            act(number)
        found.append(spent[0])
    return statistics.quantiles(found, n=100)[98]


def acts(mara: User) -> dict[str, Callable[[int], Any]]:
    """A place, one that is given up and offered, a room; each in another session or at another time (T6)."""
    clients = [User(username=f"c{number}", role=Role.CLIENT, chosen_name="C") for number in range(2 * ACTS)]
    User.objects.bulk_create(clients)
    Stay.objects.bulk_create(Stay(client=client, admitted_on=MONDAY) for client in clients)
    ahead = list(
        Session.objects.filter(starts_at__gt=NOW, series__isnull=False).order_by("-starts_at", "pk")[:ACTS]
    )
    Booking.objects.bulk_create(
        Booking(session=one, client=next_one, state=Booking.State.WAITLISTED, joined_at=NOW)
        for one, next_one in zip(ahead, clients[ACTS:], strict=True)
    )
    group, rooms = Group.objects.order_by("name")[0], list(Room.objects.order_by("name"))
    people = list(User.objects.clinicians().order_by("username"))
    first = MONDAY + timedelta(weeks=3)

    def room(number: int) -> None:
        series = Series(group=group, room=rooms[number % len(rooms)], minutes=45, count=1)
        series.start_date, series.start_time = first + timedelta(days=number // len(rooms)), time(20)
        series.rule = recurrence.weekly([series.start_date.weekday()])
        series.schedule(leads=[people[number % len(people)]], by=mara, now=NOW)

    def move(number: int) -> None:
        now = Move.of(ahead[number])
        to = Move(now.day, time(ahead[number].series.start_time.hour + 6), 60, now.room, now.leads)
        ahead[number].move(to, by=mara, now=NOW, token=uuid.uuid4())

    awake = recurrence.to_utc(timezone.localdate(NOW), time(12), settings.TIME_ZONE)  # when offers are made

    def offer(number: int) -> None:
        ahead[number].bookings.get(client=clients[number]).cancel(by=clients[number], now=awake)
        if ahead[number].bookings.get(client=clients[ACTS + number]).state != Booking.State.OFFERED:
            raise SystemExit("Nobody was offered the place")

    return {
        "a place": lambda number: ahead[number].join(by=clients[number], now=NOW),
        "a place offered on": offer,
        "a room": room,
        "a session moved": move,
    }


def a_year(name: str, by: User) -> tuple[float, float]:
    """Milliseconds for inserting the rows of a year, and for laying the same rows out (T10)."""
    series = plan(name, MONDAY + timedelta(weeks=60), by)
    horizon = NOW + timedelta(weeks=60)
    rows = [session for one in series for session in one.planned(horizon)]
    leads = dict(Facilitator.objects.filter(series__in=series).values_list("series", "person"))

    def insert() -> None:
        with transaction.atomic():
            Session.objects.bulk_create(rows, batch_size=500)
            Facilitator.objects.bulk_create(
                (Facilitator(session=row, person_id=leads[row.series_id]) for row in rows), batch_size=500
            )

    bulk = timed(insert)
    Facilitator.objects.filter(session__in=[row.pk for row in rows]).delete()
    Session.objects.filter(series__in=series).delete()
    laid = timed(lambda: Series.objects.filter(pk__in=[one.pk for one in series]).lay_out(horizon))
    if Session.objects.filter(series__in=series).count() != len(rows):
        raise SystemExit("What was laid out is not what was inserted")
    return bulk, laid


def week_of_series() -> tuple[Callable[[], Any], int]:
    rows = Session.objects.week(MONDAY)
    with CaptureQueriesContext(connection) as queries:
        list(rows)
    return lambda: list(rows.all()), len(queries)


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main(many: int) -> Iterator[Figure]:
    mara = User.objects.create(username="mara", role=Role.MANAGER, chosen_name="Mara")
    sam = User.objects.create(username="sam", role=Role.CLIENT, chosen_name="Sam")
    Stay.objects.create(client=sam, admitted_on=MONDAY)
    few, weeks = FEW // SERIES, many // SERIES
    series = plan("Circle", MONDAY - timedelta(weeks=weeks), mara)
    ana = User.objects.get(username="Circle00")
    fill(series, range(3 - few, 3), sam)
    crowd(sam)
    analyze()
    pages = lists(ana, sam, mara)
    week, queries = week_of_series()
    young = {name: p50(page) for name, page in pages.items()} | {"week": p50(week)}
    fill(series, range(3 - weeks, 3 - few), sam)
    analyze()
    old = {name: p50(page) for name, page in pages.items()} | {"week": p50(week)}
    sizes = f"{FEW + CROWD:,} and {many + CROWD:,} sessions"
    for name in [name for name in old if name != "week"]:
        note = f"{young[name]:.1f}, {old[name]:.1f} ms at {sizes}"
        yield Figure("T5", name, old[name] / young[name], "of few", AT_MOST["T5"], note=note)
    note = f"{young['week']:.2f}, {old['week']:.2f} ms"
    yield Figure(
        "T10", "a week of 200 series", old["week"] / young["week"], "of young", AT_MOST["T10"], note=note
    )
    by_index = "sessions_by_" in Session.objects.week(MONDAY).explain()
    yield Figure("T10", "a week, by an index", queries if by_index else 99, "queries", 1, exact=True)
    bulk, laid = a_year("Year", mara)
    note = f"{laid:.0f} ms"
    yield Figure("T10", "a year laid out", laid / bulk, "of a bulk insert", AT_MOST["T10 year"], note=note)
    for name, act in acts(mara).items():
        yield Figure("T6", name, p99(act), "ms", AT_MOST["T6"], note=f"database time, p99, {many:,} sessions")


if __name__ == "__main__":
    settings.DEBUG = False
    with override_settings(WEEKS_LAID_OUT=WEEKS_OF_A_YEAR):
        tell(main(int(sys.argv[1])))
