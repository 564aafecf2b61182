"""What groups hold of a person (A7). Session notes are about a session, not a person, and stay there (B6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts import vault
from accounts.export import CANNOT_BE_OPENED, Part, Row, Words
from accounts.models import Bringing, User
from groups.models import (
    AgreementAcceptance,
    Attendance,
    AttendanceChange,
    Booking,
    CalendarFeed,
    Company,
    Distance,
    Encouragement,
    JoinRequest,
    Membership,
    Session,
)
from groups.models.attendance import KIND_WORDS


def of_sessions(rows: QuerySet[Any]) -> QuerySet[Any]:
    told = {"starts_at": F("session__starts_at"), "group": F("session__group__name")}
    return rows.annotate(**told).order_by("starts_at")


STATES: dict[str, Words] = dict(Booking.State.choices)
ANSWERS: dict[str, Words] = dict(JoinRequest.Answer.choices)
SENTENCES: dict[str, Words] = dict(Encouragement.Sentence.choices)
SENTENCE: dict[str, Words] = {
    "sent_at": _("when"),
    "group__name": _("group"),
    "sentence": _("what was chosen"),
}


def priorities(person: User) -> Iterator[Row]:
    """Opened one by one, as what was written about an emergency is."""
    key = vault.key_for(person.pk)
    rows = Booking.objects.filter(client=person).exclude(priority=0)
    for row in of_sessions(rows.select_related("session__group", "priority_by")):
        yield {
            "starts_at": row.session.starts_at,
            "group": row.session.group.name,
            "by": row.priority_by and row.priority_by.chosen_name,
            "at": row.priority_at,
            "reason": row.priority_reason(key) or CANNOT_BE_OPENED,
        }


def bringings(person: User) -> QuerySet[Bringing]:
    session = Session.objects.filter(pk=OuterRef("session_id"))
    told = {"starts_at": session.values("starts_at"), "group": session.values("group__name")}
    rows = Bringing.objects.filter(owner=person)
    return rows.annotate(**{name: Subquery(row) for name, row in told.items()}).order_by("made_at")


NO_NAME = _("Without the name of the other person: they showed it here, and not in a file.")
MARKS = cast("dict[str, Words]", KIND_WORDS)
MARKS_APART = MARKS | {"late": _("You came late"), "left_early": _("You left early"), "": _("nothing")}

PARTS = (
    Part(
        "bookings",
        _("Your places in groups"),
        {
            "starts_at": _("start of the session"),
            "group": _("group"),
            "state": _("your place"),
            "joined_at": _("you joined"),
            "adds_me": _("you chose to be added without being asked"),
            "held_until": _("a place is kept for you until"),
            "apology_at": _("you said that you cannot come"),
            "closed_at": _("it ended"),
            "closed_from": _("your place before it ended"),
            "needs_place_since": _("a change of the plan took it, and we look for another since"),
            "place_settled_at": _("we found another, or talked with you"),
            "priority": _("place in line, set by staff"),
        },
        lambda person: of_sessions(Booking.objects.filter(client=person)),
        labels={"state": STATES, "closed_from": STATES},
    ),
    Part(
        "priorities",
        _("When you came first in a waitlist"),
        {
            "starts_at": _("start of the session"),
            "group": _("group"),
            "by": _("who let you come first"),
            "at": _("when"),
            "reason": _("the reason given"),
        },
        priorities,
    ),
    Part(
        "attendance",
        _("Whether you were there"),
        {
            "starts_at": _("start of the session"),
            "group": _("group"),
            "state": _("what was noted"),
            "without_place": _("whether you came without a place"),
            "recorded_by__chosen_name": _("who noted it"),
            "recorded_at": _("when it was noted"),
        },
        lambda person: of_sessions(Attendance.objects.filter(client=person).with_place()),
        labels={"state": MARKS},
    ),
    Part(
        "attendance_changes",
        _("Each change of what was noted"),
        {
            "starts_at": _("start of the session"),
            "group": _("group"),
            "old": _("what stood before"),
            "new": _("what stood after"),
            "changed_by__chosen_name": _("who changed it"),
            "changed_at": _("when"),
        },
        lambda person: of_sessions(AttendanceChange.objects.filter(client=person)).order_by(
            "changed_at", "pk"
        ),
        labels={"old": MARKS_APART, "new": MARKS_APART},
    ),
    Part(
        "agreements",
        _("What you agreed to"),
        {"group__name": _("group"), "version": _("version of the agreement"), "at": _("when")},
        lambda person: AgreementAcceptance.objects.filter(client=person).order_by("at"),
    ),
    Part(
        "memberships",
        _("Groups that you are or were a member of"),
        {
            "group__name": _("group"),
            "starts_on": _("first day"),
            "ends_on": _("last day, empty while it has none"),
            "added_by__chosen_name": _("who added you"),
            "added_at": _("when"),
            "ended_by__chosen_name": _("who set the last day later on"),
            "ended_at": _("when they set it"),
        },
        lambda person: Membership.objects.filter(client=person).order_by("starts_on", "added_at"),
    ),
    Part(
        "join_requests",
        _("Groups that you asked to come to"),
        {
            "group__name": _("group"),
            "asked_at": _("when you asked"),
            "answer": _("the answer, empty while it waits"),
            "answered_by__chosen_name": _("who answered, or you who took it back"),
            "answered_at": _("when"),
        },
        lambda person: JoinRequest.objects.filter(client=person).order_by("asked_at"),
        labels={"answer": ANSWERS},
    ),
    Part(
        "calendar_addresses",
        _("Addresses for your calendar"),
        {
            "created_at": _("made"),
            "shows_detail": _("whether it told group and room"),
            "revoked_at": _("ended, empty while it works"),
        },
        lambda person: CalendarFeed.objects.filter(client=person).order_by("created_at"),
    ),
    Part(
        "company",
        _("What you let others see"),
        {
            "shows_name_since": _("your name, since; empty while it is hidden"),
            "encouraged_since": _("kind sentences, since; empty while they are off"),
        },
        lambda person: Company.objects.filter(client=person),
    ),
    Part(
        "pages_to_bring",
        _("Sessions to which you wanted to bring a page of your journal"),
        {"starts_at": _("session"), "group": _("group"), "made_at": _("when you said so")},
        bringings,
    ),
    Part(
        "hiding",
        _("When you hid from somebody in your groups"),
        {"group__name": _("group"), "since": _("since")},
        lambda person: Distance.objects.filter(client=person).order_by("since"),
        note=NO_NAME,
    ),
    Part(
        "kind_sentences_received",
        _("Kind sentences for you"),
        SENTENCE,
        lambda person: Encouragement.objects.filter(recipient=person).order_by("sent_at"),
        labels={"sentence": SENTENCES},
        note=NO_NAME,
    ),
    Part(
        "kind_sentences_sent",
        _("Kind sentences from you"),
        SENTENCE,
        lambda person: Encouragement.objects.filter(sender=person).order_by("sent_at"),
        labels={"sentence": SENTENCES},
        note=NO_NAME,
    ),
)
