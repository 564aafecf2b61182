"""Before a member of staff leaves: their work gets into other hands, then the account closes (A9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, CareTeamMember, OutreachTask, User
from accounts.sign_in import devices
from groups import handover
from groups.clashes import Clashes
from groups.handover import Led
from groups.models import Series, Session
from recovery_site.actions.in_hand import in_hands_of


@dataclass(frozen=True)
class Takers:
    """Who takes over what, by its key; None is nobody. What is not among them stays where it is."""

    led: Mapping[UUID, User | None] = field(default_factory=dict)
    members: Mapping[int, User | None] = field(default_factory=dict)
    talks: Mapping[UUID, User | None] = field(default_factory=dict)

    @property
    def people(self) -> set[User]:
        every = (*self.led.values(), *self.members.values(), *self.talks.values())
        return {person for person in every if person is not None}

    def __bool__(self) -> bool:
        return bool(self.led or self.members or self.talks)


@transaction.atomic
def hand_over(*, person: User, takers: Takers, by: User, now: datetime) -> None:
    """Gives this work to others, all of it or nothing. What is in other hands already stays there.

    Raises Clashes where somebody would be in two places (C2), ValidationError in words for anything else.
    """
    hold_led(takers.led, now)
    hold(takers, {person, *takers.people})
    here = set(User.objects.active().clinicians().exclude(pk=person.pk).values_list("pk", flat=True))
    if gone := [taker for taker in takers.people if taker.pk not in here]:
        raise ValidationError(_("%(name)s cannot take this over.") % {"name": gone[0]})
    work = in_hands_of(person, now)
    pass_sessions(person, [led for led in work.led if led.key in takers.led], takers, by, now)
    for member in work.members:
        if member.pk in takers.members:
            member.hand_over(to=takers.members[member.pk], by=by, now=now)
    for talk in work.talks:
        if talk.pk in takers.talks:
            talk.pass_on(to=takers.talks[talk.pk], by=by, now=now)
    AuditEvent.objects.record(AuditEvent.Act.HANDED_OVER, by=by, about=person, now=now)


def pass_sessions(person: User, chosen: list[Led], takers: Takers, by: User, now: datetime) -> None:
    given: dict[User, list[Led]] = defaultdict(list)
    for led in chosen:
        if taker := takers.led[led.key]:
            given[taker].append(led)
    if found := handover.clashes(given, now):
        raise Clashes(found)
    for led in chosen:
        handover.pass_on(led, leaver=person, to=takers.led[led.key], by=by, now=now)


def hold_led(keys: Iterable[UUID], now: datetime) -> None:
    """The series, then the sessions that may change hands, before any person: whoever moves, changes or
    cancels one of them holds it first too, and PostgreSQL takes it where somebody else is to lead it (C2)."""
    keys = list(keys)
    Series.objects.filter(pk__in=keys).hold()
    Session.objects.filter(Q(series__in=keys) | Q(pk__in=keys), ends_at__gt=now).hold()


def hold(takers: Takers, staff: Iterable[User]) -> None:
    """Clients before staff, as for whoever joins a care team, each by key, so that none blocks another.

    The clients of these talks too: whoever discharges one of them comes before, or after and finds the talk
    in no hands (A6).
    """
    members = CareTeamMember.objects.filter(pk__in=takers.members)
    talks = OutreachTask.objects.filter(pk__in=takers.talks)
    User.objects.hold({*members.values_list("client", flat=True), *talks.values_list("client", flat=True)})
    User.objects.hold(person.pk for person in staff)


@transaction.atomic
def close_staff_account(*, person: User, by: User, now: datetime) -> None:
    """Nobody signs in with it any more, from the next request on. Twice is once.

    Raises ValidationError in words for the last manager, and while work is left: whoever plans something
    with this person at the same moment comes before, and is found here, or after, and is refused.
    """
    managers = User.objects.lock_managers()
    person.lock()
    person.refresh_from_db()
    if not person.is_active:
        return
    if by.pk not in managers:
        raise ValidationError(_("Only a manager closes an account."))
    work = in_hands_of(person, now)
    if work.led:
        raise ValidationError([_("Hand this over first."), *work.words])
    handover.let_go(person, by=by, now=now)
    person.resign(by=by, now=now)
    devices.end(UserSession.objects.filter(user=person))


@transaction.atomic
def reopen_staff_account(*, person: User, by: User, now: datetime) -> None:
    """Lets a colleague back in. They need a new card: what they signed in with before opens nothing."""
    person.lock()
    person.refresh_from_db()
    if not person.is_active:
        person.reinstate(by=by, now=now)
