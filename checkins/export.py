"""What check-ins hold of a person (A7)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts import vault
from accounts.export import CANNOT_BE_OPENED, CHUNK, Part, Row
from accounts.models import User
from checkins.answers import Answers, Mood, Need
from checkins.bam import ITEMS
from checkins.models import Acceptance, CheckIn, Measure, ReminderPlan


def check_ins(person: User) -> Iterator[Row]:
    """Opened one by one. What does not open any more says so in its place, and the others follow."""
    key = vault.key_for(person.pk)
    for row in CheckIn.objects.filter(client=person).order_by("day").iterator(chunk_size=CHUNK):
        answers = row.unsealed(key)
        if answers is None:
            answers = Answers(note="" if row.not_today else str(CANNOT_BE_OPENED))
        told = {name: getattr(answers, name) for name in ANSWERS}
        yield {"day": row.day, "not_today": row.not_today, **told, "edited_at": row.edited_at}


def measures(person: User) -> Iterator[Row]:
    """In words as they were answered. What does not open any more says so, and the others follow."""
    key = vault.key_for(person.pk)
    for row in Measure.objects.filter(client=person).order_by("week").iterator(chunk_size=CHUNK):
        said = row.unsealed(key)
        words = [
            f"{item.question} {item.words(said[item.name])}" for item in ITEMS if said and item.name in said
        ]
        answers = str(CANNOT_BE_OPENED) if said is None else "\n".join(words)
        yield {"week": row.week, "answers": answers, "edited_at": row.edited_at}


def plans(person: User) -> Iterator[Row]:
    for plan in ReminderPlan.objects.filter(client=person):
        days = [number for number in range(7) if plan.weekdays >> number & 1]
        chosen = {name: getattr(plan, name) for name in ("at", "follow_up_after", "is_on", "paused_until")}
        yield {**chosen, "weekdays": days}


ANSWERS = {
    "mood": _("how you were"),
    "need": _("what you needed"),
    "closeness": _("close to others, 0 to 5"),
    "urge": _("urge, 0 to 5"),
    "sleep": _("sleep, 0 to 5"),
    "note": _("note"),
}
PARTS = (
    Part(
        "check_ins",
        _("Your check-ins"),
        {"day": _("day"), "not_today": _("you said “not today”"), **ANSWERS, "edited_at": _("last changed")},
        check_ins,
        labels={"mood": dict(Mood.choices), "need": dict(Need.choices)},
        is_reading=True,
    ),
    Part(
        "weeks",
        _("Your weeks"),
        {"week": _("week of"), "answers": _("what you answered"), "edited_at": _("last changed")},
        measures,
        is_reading=True,
    ),
    Part(
        "reminders",
        _("Your reminders"),
        {
            "at": _("time"),
            "weekdays": _("days"),
            "follow_up_after": _("asked once more after so many minutes"),
            "is_on": _("on"),
            "paused_until": _("paused until"),
        },
        plans,
        labels={"weekdays": WEEKDAYS},
    ),
    Part(
        "acceptances",
        _("What you read about check-ins"),
        {"version": _("version of the text"), "at": _("when")},
        lambda person: Acceptance.objects.filter(client=person).order_by("at"),
    ),
)
