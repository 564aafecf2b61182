"""The form by which a manager gives a colleague's work to others (A9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import CareTeamMember, OutreachTask, User
from groups.clashes import Clash, Clashes, in_few_lines
from groups.handover import Led
from recovery_site.actions.handover import Takers, hand_over
from recovery_site.actions.in_hand import InHand

NOBODY = "nobody"
NOTHING_CHOSEN = gettext_lazy("Choose for at least one of these who takes it over.")


class Row(NamedTuple):
    """One thing in hand; `nobody` says what becomes of it if nobody takes it, empty where somebody has to."""

    key: Any
    label: str
    hint: str
    nobody: str


class LeavingForm(forms.Form):
    """A choice for each thing in hand, and one for all of a sort, which counts where nothing is chosen."""

    def __init__(self, data: Any, *, person: User, work: InHand, colleagues: Iterable[User]) -> None:
        super().__init__(data)
        self.person, self.work = person, work
        self.colleagues = {str(colleague.pk): colleague for colleague in colleagues}
        names = [(pk, str(colleague)) for pk, colleague in self.colleagues.items()]
        self.sorts = {
            "led": [Row(led.key, str(led), days(led), _("Nobody yet, it stays open")) for led in work.led],
            "member": [Row(row.pk, str(row.client), part(row), ending(row)) for row in work.members],
            "talk": [Row(row.pk, str(row.client), waits(row), going_back(row)) for row in work.talks],
        }
        stays = _("Stays with %(name)s for now") % {"name": person}
        for sort, rows in self.sorts.items():
            if len(rows) > 1:
                one_by_one = [("", _("Choose one by one")), *names]
                hint = _("Where you choose nothing else")
                self._choose(f"{sort}-all", _("All of these"), hint, one_by_one)
            for key, label, hint, nobody in rows:
                nobody_too = [(NOBODY, nobody)] if nobody else []
                self._choose(f"{sort}-{key}", label, hint, [("", stays), *names, *nobody_too])

    def _choose(self, name: str, label: str, hint: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(required=False, label=label, help_text=hint, choices=choices)

    def of_sort(self, sort: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(f"{sort}-")]

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Those that have something in them, each with its heading."""
        return [(heading, fields) for sort, heading in headings() if (fields := self.of_sort(sort))]

    @property
    def given(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """Who got what, under the same headings: what it is, more about it, and who has it now."""
        lists = []
        for sort, heading in headings():
            chosen = self._chosen(sort)
            rows = [row for row in self.sorts[sort] if row.key in chosen]
            lists.append(
                (heading, [(row.label, row.hint, str(chosen[row.key] or row.nobody)) for row in rows])
            )
        return [(heading, rows) for heading, rows in lists if rows]

    def takers(self) -> Takers:
        return Takers(*(self._chosen(sort) for sort in self.sorts))

    def _chosen(self, sort: str) -> dict[Any, User | None]:
        for_all = self.cleaned_data.get(f"{sort}-all", "")
        given = {row.key: self.cleaned_data[f"{sort}-{row.key}"] or for_all for row in self.sorts[sort]}
        return {key: self.colleagues.get(choice) for key, choice in given.items() if choice}

    def kept(self, *, by: User, now: datetime) -> bool:
        """Hands over what was chosen, all of it or nothing."""
        if not self.is_valid():
            return False
        if not (takers := self.takers()):
            self.add_error(None, NOTHING_CHOSEN)
            return False
        try:
            hand_over(person=self.person, takers=takers, by=by, now=now)
        except Clashes as error:
            self.add_error(None, _("Nothing was handed over: somebody would be in two places."))
            self._show(error.found)
        except ValidationError as error:
            self.add_error(None, error)
        return not self.errors

    def _show(self, found: list[Clash]) -> None:
        """Each clash at the choice that made it."""
        for led in self.work.led:
            planned = {session.pk for session in led.sessions}
            for taken in in_few_lines(clash for clash in found if clash.planned.pk in planned):
                words = _("%(group)s: %(clash)s.") % {"group": led, "clash": taken}
                more = [] if taken.is_once else [f"{'; '.join(taken.dates)}."]
                self.add_error(f"led-{led.key}", " ".join([words, *more]))


def headings() -> list[tuple[str, str]]:
    """For each sort of things in hand."""
    return [
        ("led", _("Sessions they lead")),
        ("member", _("Clients in their care")),
        ("talk", _("People they are going to talk to")),
    ]


def days(led: Led) -> str:
    if not led.sessions:
        return _("No session is planned yet.")
    first, last = (moment(session.starts_at) for session in (led.sessions[0], led.sessions[-1]))
    number = len(led.sessions)
    words = ngettext("%(first)s", "%(number)s sessions, %(first)s to %(last)s", number)
    return words % {"number": number, "first": first, "last": last}


def part(row: CareTeamMember) -> str:
    return _("Primary clinician") if row.is_primary else _("On the care team")


def ending(row: CareTeamMember) -> str:
    """A primary clinician is always followed by somebody (K6)."""
    return "" if row.is_primary else _("Nobody, their part ends")


def going_back(task: OutreachTask) -> str:
    """Nobody is on the care team of somebody who has left the house (A6)."""
    return _("The care team") if task.has_team else ""


def waits(task: OutreachTask) -> str:
    return _("Waits since %(when)s") % {"when": moment(task.opened_at)}


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "D j M, g:i a")
