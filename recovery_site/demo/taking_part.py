"""What people do in the groups of the demo program, beside having a place: they are offered one, belong, are
missed, and are kind."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from groups import notices
from groups.models import Attendance, Booking, Company, Encouragement, Group, Session
from notifications.models import Notification
from recovery_site.demo.timetable import PLANS

A_DAY = timedelta(days=1)
NOTE = (
    "A slow start, three of us were tired. The breathing helped; the long reading did not. "
    "Next time: open the windows first, and a shorter page."
)
WHY_FIRST = "Visits home for the first time the day after, and asked to be with the others before that."


def is_left_blank(session: Session, today: date) -> bool:
    """Nobody has marked who was there, and it is more than a day ago (B7)."""
    return session.group.name == "Morning circle" and session.local_date == today - 2 * A_DAY


def seed(people: dict[str, User], now: datetime) -> None:
    """After the lists are filled."""
    yesterday = timezone.localdate(now) - A_DAY
    circle = Session.objects.with_faces().get(group__name="Morning circle", local_date=yesterday)
    offer(people, now)
    belong(people, now)
    send_word(people, now)
    come_to_the_door(circle, now)
    be_missed(people["cole"], now)
    circle.write_note(NOTE, seen=0, by=circle.people[0], now=now)
    be_kind(people["sam"], circle, now)
    mail_nothing()


def mail_nothing() -> None:
    """What all this tells people is read in the app: a demo that has just begun has nobody to write to."""
    Notification.objects.filter(state=Notification.State.DUE, shown_at__isnull=False).update(
        state=Notification.State.NOTED
    )


def offer(people: dict[str, User], now: datetime) -> None:
    """Sam is told; whoever waits behind comes first after that, and the reason is written down (B2)."""
    offered = Booking.objects.select_related("client", "session").get(state=Booking.State.OFFERED)
    notices.post_offers([offered], now)
    for behind in offered.session.bookings.waiting():
        behind.give_priority(WHY_FIRST, by=people["tomas"], now=now)


def belong(people: dict[str, User], now: datetime) -> None:
    """Members of the closed group, one of them for a while only, and Noor who would like to be one (B6)."""
    today = timezone.localdate(now)
    for plan in PLANS:
        group = Group.objects.get(name=plan.name)
        for number, name in enumerate(plan.members):
            client = people[name]
            last = None if number else today + 40 * A_DAY
            since = client.stays.latest("admitted_on").admitted_on
            group.add_member(client, starts_on=since, ends_on=last, by=people[plan.leads[0]], now=now)
        if plan.members:
            group.ask_to_join(by=people["noor"], now=now)
    Session.objects.expect_people(now)


def send_word(people: dict[str, User], now: datetime) -> None:
    """Two cannot come to what is part of the plan, and say so ahead (B6)."""
    ahead = Session.objects.filter(group__name="Staying on course", starts_at__gt=now + A_DAY)
    places = ahead.earliest("starts_at").bookings.confirmed().filter(client__username__in=("teo", "rosa"))
    for place in places.select_related("client", "session"):
        place.send_apology(by=place.client, now=now)


def come_to_the_door(session: Session, now: datetime) -> None:
    """Somebody who was on no list (B7)."""
    here = User.objects.in_house(session.local_date)
    came = session.not_on_sheet(here).first()
    if came is not None:
        session.walk_in(came, Attendance.State.PRESENT, by=session.people[0], now=now)


def be_missed(client: User, now: datetime) -> None:
    """Twice in a row without a word, so that somebody asks how they are (B8)."""
    over = Session.objects.with_faces().filter(ends_at__lte=now, starts_at__gt=now - 6 * A_DAY)
    theirs = over.filter(bookings__client=client, bookings__state=Booking.State.CONFIRMED)
    for session in reversed(theirs.order_by("-starts_at")[:2]):
        session.record({client.pk: Attendance.State.ABSENT}, by=session.people[0], now=now)


def be_kind(sam: User, circle: Session, now: datetime) -> None:
    """Sam and two others show their names, and one of them has sent Sam a sentence."""
    before = now - 2 * A_DAY
    places = circle.bookings.confirmed().exclude(client=sam).filter(client__stays__discharged_on=None)
    places = places.filter(client__stays__admitted_on__lte=timezone.localdate(before))
    others = [place.client for place in places.select_related("client").order_by("client__username")[:2]]
    for person in (sam, *others):
        Company.objects.choose(person, shows_name=True, encouraged=True, now=before)
    if others:
        kind = Encouragement.Sentence.GLAD
        Encouragement.objects.send(kind, to=sam, session=circle, by=others[0], now=now)
