"""Leaving the house (A6): what ends, all at once, and who is asked before it does.

These parts take part, each by its own verb: places in sessions and on waitlists (`groups.leaving`), reminders
(`ReminderPlan.stop`), messages that wait (`Notification.drop`), the address of a calendar
(`CalendarFeed`, its `end`), the name shown to others in a group (`Company`, its `end`), pages of the journal
that were shared (`Share`), questions about the past (`Narrative`), reach-outs (`OutreachTask`), and stay,
care team, cards, emergency access and sign-ins (`User.leave`). What else belongs to somebody who lives here
ends in `end_parts`, and is counted in `effects_of_leaving`, apart from what is no manager's to know (J1).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Bringing, Invitation, OutreachTask, Stay, User
from checkins.models import ReminderPlan
from groups import leaving
from groups.models import Admission, Booking, CalendarFeed, Company, JoinRequest, Membership, Session
from groups.models.booking import TAKING_A_PLACE
from journal.models import Narrative, Share
from notifications.models import Notification


class Refused(Exception):
    """Why somebody cannot be discharged now, in words for the manager."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)


class ReachOutsWait(Refused):
    message = _("Somebody has to see to the reach-out first. Hand it over, or wait until they have talked.")


class Changed(Refused):
    message = _("Something changed since you opened this page. Please read it once more.")


class NoSuchDay(Refused):
    message = _("Choose today, or an earlier day of this stay.")


@dataclass(frozen=True)
class Effects:
    """What ends with a stay. Numbers and days, since a manager reads no bookings and no reach-outs."""

    stay: Stay
    bookings: list[Booking]
    moving_up: int
    reach_outs: list[OutreachTask]
    team: list[User]
    cards: int
    messages: int
    belongs: list[UUID]
    asks: list[UUID]

    @property
    def memberships(self) -> int:
        return len(self.belongs)

    @property
    def requests(self) -> int:
        return len(self.asks)

    @property
    def places(self) -> list[Booking]:
        return [row for row in self.bookings if row.state in TAKING_A_PLACE]

    @property
    def waitlists(self) -> int:
        return len(self.bookings) - len(self.places)

    @property
    def days(self) -> list[date]:
        return sorted({row.session.local_date for row in self.places})

    @property
    def in_no_hands(self) -> list[OutreachTask]:
        return [task for task in self.reach_outs if task.taken_by_id is None]

    @property
    def in_hands(self) -> list[OutreachTask]:
        return [task for task in self.reach_outs if task.taken_by_id is not None]

    @property
    def mark(self) -> str:
        """Changes with what is listed, apart from what goes on by itself: places that come with a membership,
        or with living here, do (B6)."""
        chosen = [row.pk for row in self.bookings if row.session.group.admission == Admission.OPEN]
        rows = chosen + [(task.pk, task.taken_by_id) for task in self.reach_outs]
        names = [self.stay.pk, *(clinician.pk for clinician in self.team), *rows, *self.belongs, *self.asks]
        return hashlib.sha256(repr(sorted(map(str, names))).encode()).hexdigest()[:32]


def effects_of_leaving(*, client: User, on: date, now: datetime) -> Effects | None:
    """None for somebody who has no stay that could end."""
    stay = client.stays.not_over(timezone.localdate(now)).first()
    if stay is None:
        return None
    places = leaving.places_of(client, moment_of(on, now)).select_related("session__group", "session__room")
    bookings = list(places.order_by("session__starts_at", "pk"))
    return Effects(
        stay=stay,
        bookings=bookings,
        moving_up=leaving.who_moves_up(bookings, now),
        reach_outs=list(OutreachTask.objects.open().filter(client=client).select_related("taken_by")),
        team=list(client.care_team()),
        cards=Invitation.objects.open(now).filter(person=client).count(),
        messages=Notification.objects.waiting_for(client).count(),
        belongs=list(Membership.objects.ending_with_stay(client, on).values_list("pk", flat=True)),
        asks=list(JoinRequest.objects.open().filter(client=client).values_list("pk", flat=True)),
    )


def moment_of(on: date, now: datetime) -> datetime:
    """From when on places end: now, or the end of an earlier day."""
    if on >= timezone.localdate(now):
        return now
    return datetime.combine(on + timedelta(days=1), time(), timezone.get_default_timezone())


@transaction.atomic
def discharge(*, client: User, on: date, by: User, now: datetime, seen: str | None = None) -> None:
    """Ends the stay on that day, and with it all that belongs to living here. Twice is once.

    `seen` is the mark of the effects that were shown. Raises Refused, and then nothing has changed.
    """
    sessions = leaving.hold(client, moment_of(on, now))
    client.refresh_from_db()
    effects = effects_of_leaving(client=client, on=on, now=now)
    if effects is None:
        return
    if not effects.stay.admitted_on <= on <= timezone.localdate(now):
        raise NoSuchDay
    if effects.in_no_hands:
        raise ReachOutsWait
    if seen is not None and seen != effects.mark:
        raise Changed
    end_parts(client, sessions, on=on, by=by, now=now)


@transaction.atomic
def record_death(*, client: User, on: date, by: User, now: datetime) -> None:
    """Closes the account at once; nothing goes out to it any more. Twice is once. Raises NoSuchDay."""
    sessions = leaving.hold(client, moment_of(on, now))
    client.refresh_from_db()
    if not client.is_active:
        return
    stay = client.stays.not_over(timezone.localdate(now)).first()
    if on > timezone.localdate(now) or (stay and on < stay.admitted_on):
        raise NoSuchDay
    OutreachTask.objects.filter(client=client).lay_down(by=by, now=now)
    if not client.is_alum:
        end_parts(client, sessions, on=on, by=by, now=now)
    client.close(by=by, now=now, detail="death")
    Notification.objects.drop(client)


def end_parts(client: User, sessions: list[Session], *, on: date, by: User, now: datetime) -> None:
    """All that ends with a stay, for a client and the sessions that `leaving.hold` holds."""
    client.leave(on=on, by=by, now=now)
    leaving.release(client, sessions, since=moment_of(on, now), now=now)
    ReminderPlan.objects.stop(client)
    Membership.objects.end_with_stay(client, on=on, by=by, now=now)
    JoinRequest.objects.lay_down(client, by=by, now=now)
    CalendarFeed.objects.filter(client=client).end(now=now)
    Company.objects.end(client)
    Bringing.objects.filter(owner=client).delete()
    Share.objects.end_all(client, by=by, now=now)
    Narrative.objects.end_all(client, by=by, now=now)
    Notification.objects.drop(client)
