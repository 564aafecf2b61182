"""A house of a given size: every list of the product holds that many rows.

`python -m benchmarks.house 500` fills the database of the environment, asks for each page as its reader, and
prints the pages with their queries as JSON. With `demo` it asks for those of the demo program.
"""

import json
import os
import sys
import uuid
from datetime import date, datetime, time, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_site.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import CareTeamMember, OutreachTask, Stay, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from benchmarks import feed  # noqa: E402
from checkins.answers import Answers  # noqa: E402
from checkins.models import CheckIn  # noqa: E402
from faq.models import Article, Piece, Question, Release, Topic  # noqa: E402
from groups.models import Booking, Facilitator, Group, Room, Session  # noqa: E402
from journal.models import Entry, Page  # noqa: E402
from tests.library import put_out  # noqa: E402

SLOTS_A_DAY = 8
COLD = "anew"  # a page with a query is not taken from the memory of the process
PARAGRAPH = "<p>" + "Recovery happens between people, and a house is where they meet. " * 15 + "</p>"


def fill(size: int, now: datetime) -> None:
    ana = User.objects.create(username="ana", role=Role.CLINICIAN, chosen_name="Ana")
    names = ["sam", *(f"client{number:03}" for number in range(1, size))]
    User.objects.bulk_create(User(username=name, role=Role.CLIENT, chosen_name=name) for name in names)
    clients = list(User.objects.clients().order_by("-username"))
    today = timezone.localdate(now)
    Stay.objects.bulk_create(Stay(client=client, admitted_on=today) for client in clients)
    CareTeamMember.objects.bulk_create(
        CareTeamMember(client=client, clinician=ana, is_primary=True) for client in clients
    )
    sam = clients[0]
    for client in clients:
        OutreachTask.objects.ask(client=client, reason="asked", about=uuid.uuid4(), now=now)
        CheckIn.objects.answer(Answers(mood=3), by=client, now=now)
    for number in range(size):
        Entry.objects.write(
            by=sam, client_token=uuid.uuid4(), page=Page(f"Day {number}", "Words. " * 50), on=today, now=now
        )
    plan_week(size, ana, clients, now)
    publish(size, ana, now)


def plan_week(size: int, ana: User, clients: list[User], now: datetime) -> None:
    """Sessions of this week, all with the first client, and one that began just now with everybody.

    One clinician leads them all, also those at one time, so that each of her lists is as long.
    """
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    group = Group.objects.create(name="Circle", purpose="To meet.", kind="circle", capacity=500)
    in_room = 7 * SLOTS_A_DAY
    rooms = [
        Room.objects.create(name=f"Room {number}", capacity=500) for number in range(size // in_room + 2)
    ]
    sessions = [
        session(group, rooms[number // in_room], monday + timedelta(days=number % 7), 8 + number // 7 % 8)
        for number in range(size)
    ]
    sheet = Session.plan(group=group, room=rooms[-1], day=today, starts_at=now, minutes=60)
    sessions.append(sheet)
    Session.objects.bulk_create(sessions)
    allowed = {"overlap_allowed_by": ana, "overlap_reason": "To fill her lists"}
    Facilitator.objects.bulk_create(Facilitator(session=each, person=ana, **allowed) for each in sessions)
    booked = [(each, clients[0]) for each in sessions[:-1]] + [(sheet, client) for client in clients]
    Booking.objects.bulk_create(
        Booking(session=each, client=client, state=Booking.State.CONFIRMED, joined_at=now)
        for each, client in booked
    )


def session(group: Group, room: Room, day: date, hour: int) -> Session:
    starts_at = datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())
    return Session.plan(group=group, room=room, day=day, starts_at=starts_at, minutes=45)


def publish(size: int, ana: User, now: datetime) -> None:
    topics = [Topic(name=f"Topic {number}") for number in range(5)]
    for topic in topics:
        topic.keep()
    for number in range(size):
        topic = topics[number % 5]
        put(Article(title=f"Article {number}", topic=topic, summary="Why.", body=PARAGRAPH * 6), ana, now)
        put(Question(title=f"Question {number}?", topic=topic, body="<p>Yes, and gladly.</p>"), ana, now)


def put(piece: Piece, by: User, now: datetime) -> None:
    piece.write(by=by, now=now, seen=0)
    put_out(piece, by, now)


def pages() -> list[dict[str, object]]:
    """Each page, who asks for it, and how many queries that takes once everything is warm."""
    article = Release.objects.public(timezone.now()).articles().newest()[0]
    led = Session.objects.filter(facilitators__person__username="ana")
    sheet = led.filter(starts_at__lte=timezone.now()).latest("starts_at")
    return [
        asked("article", article.get_absolute_url()),
        asked("article, cold", f"{article.get_absolute_url()}?{COLD}"),
        asked("articles", "/articles/"),
        asked("questions", "/questions/"),
        asked("questions, cold", f"/questions/?{COLD}"),
        asked("search", "/search/?q=group+trust"),
        asked("client's Today", "/today/", "sam"),
        asked("clinician's Today", "/today/", "ana"),
        asked("week board", "/schedule/", "ana"),
        asked("client's week", "/schedule/week/", "sam"),
        asked("journal", "/journal/", "sam"),
        asked("people", "/people/", "ana"),
        asked(feed.NAME, feed.address_of("sam")),
        asked("attendance sheet", f"/sessions/{sheet.pk}/attendance/", "ana"),
    ]


def asked(name: str, path: str, reader: str = "") -> dict[str, object]:
    browser = Client(headers={"host": "localhost"})
    if reader:
        browser.force_login(User.objects.get(username=reader))
    browser.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(path)
    return {
        "name": name,
        "path": path,
        "cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items()),
        "etag": answer.headers.get("ETag", ""),
        "queries": len(queries),
    }


if __name__ == "__main__":
    if sys.argv[1] != "demo":
        fill(int(sys.argv[1]), timezone.now())
    print(json.dumps(pages()))
