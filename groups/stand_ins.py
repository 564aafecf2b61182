"""Who could lead a session: those who are free then, and why the others are not (B9, C2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from groups.models import Facilitator, Leave, Session
from groups.models.counting import number_of
from groups.refusals import IsAway, IsElsewhere


@dataclass(frozen=True)
class Candidate:
    person: User
    knows_it: bool  # has led this group before
    that_day: int  # sessions on the same day
    why_not: str  # empty for whoever is free
    could_be_allowed: bool  # leads elsewhere: a manager may let them be in two places (C2)

    def __str__(self) -> str:
        number = ngettext("%d session that day", "%d sessions that day", self.that_day) % self.that_day
        facts = [_("has led this group")] if self.knows_it else []
        facts.append(number if self.that_day else _("no other session that day"))
        return f"{self.person}: {', '.join(facts)}"


def candidates(session: Session, now: datetime) -> list[Candidate]:
    """Every clinician who does not lead it yet: who knows the group first, then who has least that day.

    Two queries.
    """
    theirs = Facilitator.objects.filter(person=OuterRef("pk"))
    before = theirs.filter(session__group=session.group_id, session__ends_at__lte=now)
    day = {"session__local_date": session.local_date}
    today = theirs.filter(**day, session__cancelled_at=None, session__suspension=None)
    people = (
        User.objects.clinicians()
        .active()
        .exclude(pk__in=[person.pk for person in session.people])
        .annotate(
            knows_it=Exists(before),
            that_day=number_of(today),
            away=Exists(Leave.objects.on(session.local_date).filter(person=OuterRef("pk"))),
        )
        .order_by("-knows_it", "that_day", "chosen_name", "pk")
    )
    elsewhere = {row.person_id: row.session for row in leading_then(session)}
    return [candidate(person, elsewhere.get(person.pk)) for person in people]


def leading_then(session: Session) -> Iterable[Facilitator]:
    others = Session.objects.not_cancelled().overlapping(session)
    return Facilitator.objects.filter(session__in=others).select_related("session__group")


def candidate(person: User, other: Session | None) -> Candidate:
    away = getattr(person, "away", False)
    why_not = str(IsAway(person)) if away else str(IsElsewhere(person, other)) if other else ""
    return Candidate(
        person,
        knows_it=getattr(person, "knows_it", False),
        that_day=getattr(person, "that_day", 0),
        why_not=why_not,
        could_be_allowed=bool(other) and not away,
    )
