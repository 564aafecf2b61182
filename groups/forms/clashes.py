"""Dates that clash, and what can be done about each: the form beside `groups.answers` (C4)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from groups.answers import Answer, day_of
from groups.clashes import Clash, Taken, in_few_lines
from groups.clashes.search import is_taken, taken_rooms
from groups.models import Room, Session

PREFIX = "clash"
SKIP, ROOM, TWICE = "skip", "room", "twice"
REASON_AT_MOST = 200
QUESTIONS_AT_MOST = 400  # more than the longest series has dates


@dataclass
class Question:
    """Dates on which the same is taken, so that one choice does for all of them."""

    found: list[Clash]
    rooms: list[Room]  # free on all of these dates; none while the room is not what is taken
    number: int = 0
    choices: list[tuple[str, str]] = field(default_factory=list)
    choice: forms.BoundField | None = None

    @property
    def days(self) -> list[date]:
        return sorted({day_of(clash.planned) for clash in self.found})

    @property
    def sent(self) -> str:
        """The dates as they come back with the choice, so that it goes for these alone."""
        return ",".join(day.isoformat() for day in self.days)

    @property
    def name(self) -> str:
        return f"{PREFIX}-dates_{self.number}"

    @property
    def lines(self) -> list[Taken]:
        return in_few_lines(self.found)

    @property
    def wants_room(self) -> bool:
        return any(isinstance(clash.who, Room) for clash in self.found)

    @property
    def people(self) -> list[User]:
        return list({clash.who.pk: clash.who for clash in self.found if isinstance(clash.who, User)}.values())

    def offers(self, *, may_skip: bool, may_allow: bool) -> Iterator[tuple[str, str]]:
        number, people = len(self.days), get_text_list([str(one) for one in self.people], _("and"))
        if self.wants_room and (may_allow or not people):
            for room in self.rooms:
                words = _("Meet in %(room)s (%(places)d places)") % {
                    "room": room.name,
                    "places": room.capacity,
                }
                if people:
                    words = _("%(meet)s, and let %(people)s be in two places") % {
                        "meet": words,
                        "people": people,
                    }
                yield f"{TWICE if people else ROOM}:{room.pk}", words
        elif people and may_allow and not self.wants_room:
            yield TWICE, _("Let %(people)s be in two places") % {"people": people}
        if may_skip:
            yield (
                SKIP,
                ngettext("Leave this date out", "Leave these %d dates out", number) % number
                if (number > 1)
                else _("Leave this date out"),
            )


class ClashForm(forms.Form):
    """Asks about `found`. Choices already made, in `data`, are kept where they were made for the same dates.

    It stands inside the form of the plan, so that a change of the plan is sent along with the choices.
    """

    def __init__(
        self, found: list[Clash], *, by: User, data: Mapping[str, str] | None = None, may_skip: bool = True
    ) -> None:
        made = {frozenset(days): choice for days, choice in choices_in(data or {})}
        self.questions = questions(found)
        typed = {
            f"{PREFIX}-choice_{n}": made.get(frozenset(q.days), "") for n, q in enumerate(self.questions)
        }
        typed[f"{PREFIX}-reason"] = (data or {}).get(f"{PREFIX}-reason", "")
        super().__init__(typed if made else None, prefix=PREFIX)
        may_allow = by.has_perm("groups.allow_overlap")
        for number, question in enumerate(self.questions):
            question.choices = list(question.offers(may_skip=may_skip, may_allow=may_allow))
            self.fields[f"choice_{number}"] = choice_field(question)
            question.number, question.choice = number, self[f"choice_{number}"]
        if any(value.startswith(TWICE) for question in self.questions for value, _words in question.choices):
            self.fields["reason"] = forms.CharField(
                label=_("Why somebody may be in two places"),
                help_text=_("Only when you chose that. It is kept with the session, under your name."),
                max_length=REASON_AT_MOST,
                required=any(choice.startswith(TWICE) for choice in typed.values()),
                error_messages={"required": _("Write why this person may be in two places.")},
                widget=forms.TextInput(attrs={"required": False}),
            )

    @property
    def number(self) -> int:
        """Of dates that are taken."""
        return sum(len(question.days) for question in self.questions)

    @property
    def title(self) -> str:
        return ngettext(
            "Nothing is saved yet: one date is taken",
            "Nothing is saved yet: %(number)d dates are taken",
            self.number,
        ) % {"number": self.number}


def choice_field(question: Question) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=ngettext("What should happen then?", "What should happen on these dates?", len(question.days)),
        choices=question.choices,
        widget=forms.RadioSelect(attrs={"class": "checks"}),
        required=bool(question.choices),
        error_messages={
            "required": gettext_lazy("Choose one, or change the plan."),
            "invalid_choice": gettext_lazy("That is no longer free. Choose again."),
        },
    )


def questions(found: list[Clash]) -> list[Question]:
    """Dates with the same trouble together; each on its own where no room is free on all of them."""
    if not found:
        return []
    by_session: dict[uuid.UUID, list[Clash]] = defaultdict(list)
    for clash in found:
        by_session[clash.planned.pk].append(clash)
    alike: dict[frozenset[uuid.UUID], list[list[Clash]]] = defaultdict(list)
    for own in by_session.values():
        alike[frozenset(clash.who.pk for clash in own)].append(own)
    busy = taken_rooms([own[0].planned for own in by_session.values()])
    open_rooms = list(Room.objects.open())

    def free(sessions: list[Session]) -> list[Room]:
        return [room for room in open_rooms if not any(is_taken(busy, room, one) for one in sessions)]

    asked = []
    for alike_dates in alike.values():
        whole = [clash for own in alike_dates for clash in own]
        question = Question(whole, free([own[0].planned for own in alike_dates]))
        split = question.wants_room and not question.rooms and len(alike_dates) > 1
        asked += [Question(own, free([own[0].planned])) for own in alike_dates] if split else [question]
    return asked


def choices_in(data: Mapping[str, str]) -> Iterator[tuple[list[date], str]]:
    """The dates and the choice of each question that was on the page."""
    for number in range(QUESTIONS_AT_MOST):
        if (sent := data.get(f"{PREFIX}-dates_{number}")) is None:
            return
        days = []
        for text in sent.split(",")[:QUESTIONS_AT_MOST]:
            with suppress(ValueError):
                days.append(date.fromisoformat(text))
        yield days, data.get(f"{PREFIX}-choice_{number}", "")


def answer_in(data: Mapping[str, str]) -> Answer:
    """What was chosen on the page, nonsense left out: a question without its answer is asked again."""
    skip: set[date] = set()
    twice: set[date] = set()
    wanted: dict[date, str] = {}
    for days, choice in choices_in(data):
        kind, _colon, room = choice.partition(":")
        if kind == SKIP:
            skip.update(days)
        if kind == TWICE:
            twice.update(days)
        if room and kind in (ROOM, TWICE):
            wanted.update(dict.fromkeys(days, room))
    reason = data.get(f"{PREFIX}-reason", "").strip()
    fits = len(reason) <= REASON_AT_MOST and "\0" not in reason
    return Answer(frozenset(skip), rooms_named(wanted), frozenset(twice), reason if fits else "")


def rooms_named(wanted: dict[date, str]) -> dict[date, Room]:
    ids = set()
    for text in wanted.values():
        with suppress(ValueError):
            ids.add(uuid.UUID(text))
    rooms = {str(room.pk): room for room in Room.objects.open().filter(pk__in=ids)} if ids else {}
    return {day: rooms[text] for day, text in wanted.items() if text in rooms}
