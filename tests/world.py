"""One of everything that has an address, so that each door of the house can be tried."""

import uuid
from datetime import time, timedelta
from types import SimpleNamespace

from allauth.usersessions.models import UserSession
from django.utils import timezone

from accounts.models import Bringing, DutyShift, Invitation, OutreachTask, Unsent, User
from accounts.roles import Role
from checkins.answers import Answers
from checkins.bam import Week
from checkins.models import CheckIn, Measure
from faq.models import Article, Feedback, Picture, Question, Topic
from groups import recurrence
from groups.models import (
    Booking,
    CalendarFeed,
    Distance,
    Edit,
    Encouragement,
    Facilitator,
    Group,
    Holiday,
    HouseBoard,
    Kind,
    Leave,
    Room,
    Scope,
    Series,
    Session,
    SkippedDate,
)
from journal.models import Draft, Entry, Page, Prompt
from notifications.models import Notification, PushSubscription
from recovery_site.home.models import HelpLine
from tests import passkeys
from tests.journal.conftest import shared

ENDPOINT = "https://fcm.googleapis.com/fcm/send/nobody"


def build(cast: dict[str, User]) -> SimpleNamespace:
    """Sam's rows, a session that Ana leads and Sam has joined, and something to read."""
    now = timezone.now()
    world = SimpleNamespace(**cast, now=now)
    world.entry, _made = Entry.objects.write(
        by=world.sam, client_token=uuid.uuid4(), page=Page("A title", "Some text"), on=now.date(), now=now
    )
    world.unkept_page = Draft.objects.keep(
        by=world.sam, client_token=uuid.uuid4(), seen=0, page=Page("", "Half a page"), on=now.date(), now=now
    )
    world.share = shared(world.entry, world.ana)
    world.prompt = Prompt.objects.create(
        kind="connection", text="Who is near?", created_at=now, changed_at=now
    )
    world.measure = Measure.objects.answer(Week({"8": 2}), by=world.sam, now=now)
    world.check_in = CheckIn.objects.answer(Answers(mood=3, note="A note"), by=world.sam, now=now)
    world.task = OutreachTask.objects.ask(
        client=world.sam, reason=OutreachTask.Reason.ASKED, about=uuid.uuid4(), now=now
    )
    world.invitation, world.token = Invitation.objects.issue(role=Role.CLIENT, by=world.mara, now=now)
    world.card = Invitation.objects.ask_card(world.sam, by=world.ana, now=now)
    world.help_line = HelpLine.objects.create(
        name="A line of this world", number="211", hours="Day and night", reviewed_on=now.date()
    )
    world.unsent = Unsent.objects.keep([("note", ["A word"])], by=world.sam, path="/check-in/", now=now)
    build_notices(world)
    build_devices(world)
    build_groups(world)
    build_library(world)
    return world


def build_notices(world: SimpleNamespace) -> None:
    world.notice = Notification.objects.create(
        recipient=world.sam,
        kind="checkins.reminder",
        about=uuid.uuid4(),
        due_on=world.now.date(),
        not_before=world.now,
        state=Notification.State.NOTED,
        shown_at=world.now,
    )
    world.undelivered = Notification.objects.create(
        recipient=world.noor,
        kind="checkins.reminder",
        about=uuid.uuid4(),
        due_on=world.now.date(),
        not_before=world.now,
        state=Notification.State.DEAD,
    )


def build_devices(world: SimpleNamespace) -> None:
    world.shift = DutyShift.objects.create(
        clinician=world.ana, starts_at=world.now, ends_at=world.now + timedelta(hours=8)
    )
    made = {"endpoint": ENDPOINT, "created_at": world.now}
    world.device = PushSubscription.objects.create(person=world.sam, **made)
    world.passkey = passkeys.give(world.sam)
    world.signed_in = UserSession.objects.create(user=world.sam, ip="192.0.2.1", session_key="another")


def build_groups(world: SimpleNamespace) -> None:
    world.group = Group.objects.create(name="Morning circle", kind=Kind.CIRCLE, capacity=10)
    world.room = Room.objects.create(name="Garden room", capacity=10)
    world.session = session(world, starts_in=timedelta(days=1))
    world.session.join(by=world.sam, now=world.now)
    world.booking = world.session.bookings.get()
    world.unled = session(world, starts_in=timedelta(days=2))
    world.unled.facilitators.all().delete()
    world.bringing = Bringing.objects.create(
        owner=world.sam, entry_id=world.entry.pk, session_id=world.session.pk, made_at=world.now
    )
    world.running = session(world, starts_in=-timedelta(minutes=5))
    world.waiting = Booking.objects.create(
        session=session(world, starts_in=timedelta(days=3)),
        client=world.noor,
        state=Booking.State.WAITLISTED,
        joined_at=world.now,
    )
    world.encouragement = Encouragement.objects.create(
        sender=world.noor,
        recipient=world.sam,
        group=world.group,
        sentence=Encouragement.Sentence.ALONE,
        day=world.now.date(),
        sent_at=world.now,
    )
    world.distance = Distance.objects.create(client=world.sam, other=world.luz, since=world.now)
    # Noor's: on Sam's page there is none yet.
    _feed, world.feed_token = CalendarFeed.objects.renew(world.noor, shows_detail=True, now=world.now)
    world.house_board = HouseBoard(label="Hall")
    world.house_board_token = world.house_board.open(by=world.mara, now=world.now)
    build_what_waits(world)
    build_a_closed_group(world)


def build_what_waits(world: SimpleNamespace) -> None:
    """A leave of Ana's, a day of her series that found no room, and a place that Sam lost."""
    far = world.now.date() + timedelta(days=40)
    world.leave = Leave.objects.note(person=world.ana, first=far, last=far, by=world.ana, now=world.now)
    weekly = recurrence.weekly([far.weekday()])
    rule = {"start_date": far, "start_time": time(7), "minutes": 30, "rule": weekly, "until": far}
    world.series = Series.objects.create(
        group=world.group, room=world.room, created_by=world.ana, created_at=world.now, **rule
    )
    Facilitator.objects.create(series=world.series, person=world.ana)
    world.edit = Edit.objects.create(
        scope=Scope.ALL, series=world.series, edited_by=world.ana, edited_at=world.now
    )
    world.skipped = SkippedDate.objects.create(series=world.series, day=far, at=world.now)
    world.rest = world.series.suspend(first=far, last=far, by=world.ana, now=world.now)
    world.holiday = Holiday.objects.create(
        name="Harvest day", first=far, last=far, made_by=world.mara, made_at=world.now
    )
    world.lost = Booking.objects.create(
        session=world.unled,
        client=world.sam,
        state=Booking.State.SESSION_CANCELLED,
        joined_at=world.now,
        closed_at=world.now,
        closed_from=Booking.State.CONFIRMED,
        needs_place_since=world.now,
    )


def build_a_closed_group(world: SimpleNamespace) -> None:
    """Led by Ana; Sam is a member of it, and Noor would like to be."""
    world.closed = Group.objects.create(
        name="Closed circle", kind=Kind.CIRCLE, capacity=5, admission="closed"
    )
    today = world.now.date()
    rule = {"start_date": today, "start_time": time(6), "minutes": 30, "rule": recurrence.weekly([0])}
    series = Series.objects.create(
        group=world.closed, room=world.room, created_by=world.ana, created_at=world.now, until=today, **rule
    )
    Facilitator.objects.create(series=series, person=world.ana)
    world.membership = world.closed.add_member(world.sam, starts_on=today, by=world.ana, now=world.now)
    world.asked = world.closed.ask_to_join(by=world.noor, now=world.now)


def session(world: SimpleNamespace, *, starts_in: timedelta) -> Session:
    starts_at = world.now + starts_in
    made = Session.plan(
        group=world.group, room=world.room, day=starts_at.date(), starts_at=starts_at, minutes=60
    )
    made.save()
    Facilitator.objects.create(session=made, person=world.ana)
    return made


def build_library(world: SimpleNamespace) -> None:
    world.topic = Topic.objects.create(name="Connection", slug="connection")
    world.article = Article(topic=world.topic, title="Between people", body="<p>Text.</p>")
    world.question = Question(topic=world.topic, title="Do I have to speak?", body="<p>No.</p>")
    world.picture = Picture.objects.create(
        alt="Chairs",
        large=b"x",
        small=b"x",
        width=1,
        height=1,
        digest="x",
        added_by=world.eli,
        added_at=world.now,
    )
    world.draft = Article(topic=world.topic, title="Not yet", body="<p>Text.</p>")
    for piece in (world.article, world.question, world.draft):
        piece.write(by=world.eli, now=world.now, seen=0)
    world.feedback = Feedback(article=world.article, helpful=True, day=timezone.localdate(world.now))
    world.feedback.save()
    for piece in (world.article, world.question):
        piece.approve(by=world.mara, now=world.now, seen=1)
        piece.publish(by=world.eli, now=world.now, seen=1)
