"""The pages on which a stay ends, in words: what a manager reads before it does, and after."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import OutreachTask, User
from accounts.models.departure import last_day_after
from recovery_site.actions import hand_over_reach_outs, who_can_take
from recovery_site.actions.departure import Effects, NoSuchDay

DAYS_NAMED = 6


class DepartureForm(forms.Form):
    """On which day, and which effects were read."""

    on = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Today, or an earlier day of this stay. A later day cannot be noted ahead."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, first: date | None, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.first, self.today = first, today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today or (self.first and on < self.first):
            raise ValidationError(str(NoSuchDay.message))
        return on

    @property
    def day(self) -> date:
        """The one that was chosen, as far as it makes sense."""
        chosen: date = getattr(self, "cleaned_data", {}).get("on", self.today)
        return chosen

    def show(self, mark: str) -> None:
        """What is listed now is what the next click confirms."""
        self.initial["seen"] = mark
        if self.is_bound:
            self.data = {**dict(self.data.items()), "seen": mark}


class DeathForm(DepartureForm):
    """The account closes, whatever else there is: no list of effects to confirm."""

    seen = None  # type: ignore[assignment]
    on = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    name = forms.CharField(
        label=gettext_lazy("Their name, as it stands above"),
        max_length=120,
        help_text=gettext_lazy("Type it, so that nobody is taken for somebody else."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, client: User, first: date | None, today: date) -> None:
        super().__init__(data, first=first, today=today)
        self.client = client

    def clean(self) -> dict[str, Any]:
        """The name is for the eye alone: it is part of no act."""
        data = self.cleaned_data
        name = data.pop("name", None)
        if name is not None and plain(name) != plain(str(self.client)):
            self.add_error(
                "name", gettext_lazy("This is another name. Please look again whose page this is.")
            )
        return data


class HandOverForm(forms.Form):
    to: Any = forms.ModelChoiceField(
        label=gettext_lazy("Who will talk with them"),
        queryset=None,
        empty_label=gettext_lazy("Choose"),
        error_messages={"invalid_choice": gettext_lazy("Choose somebody from this list.")},
    )

    def __init__(self, data: Any, *, client: User) -> None:
        super().__init__(data)
        self.client = client
        self.fields["to"].queryset = who_can_take(client)  # type: ignore[attr-defined]

    def kept(self, *, by: User, now: datetime) -> bool:
        if not self.is_valid():
            return False
        try:
            hand_over_reach_outs(client=self.client, to=self.cleaned_data["to"], by=by, now=now)
        except ValidationError as error:
            self.add_error("to", error)
        return not self.errors


def in_words(effects: Effects) -> dict[str, Any]:
    """What the page lists. Nothing of it says which groups these are, or what somebody asked for."""
    return {
        "ends": list(ending(effects)),
        "waiting": [since(task) for task in effects.in_no_hands],
        "in_hands": [(task.taken_by, since(task)) for task in effects.in_hands],
    }


def plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def since(task: OutreachTask) -> str:
    return date_format(timezone.localtime(task.opened_at), "l, j F, g:i a")


def ending(effects: Effects) -> Iterator[str]:
    yield places_words(effects)
    if effects.moving_up:
        words = ngettext(
            "%d person moves up from a waitlist, and is told.",
            "%d people move up from waitlists, and are told.",
            effects.moving_up,
        )
        yield words % effects.moving_up
    if effects.waitlists:
        words = ngettext("%d place on a waitlist.", "%d places on waitlists.", effects.waitlists)
        yield words % effects.waitlists
    yield from groups_words(effects)
    yield _("Reminders, and messages about the house.")
    # Said of everybody: whether somebody keeps a calendar is theirs alone to know.
    yield _("Their calendar address, if they made one.")
    yield _("What they show to others in their groups, if they chose to.")
    # Nor is it a manager's to know whether they shared anything (J1).
    yield _("What they shared of their journal, if they did. Only they can read it then.")
    yield team_words(effects)
    if effects.cards:
        words = ngettext("%d sign-in card not used yet.", "%d sign-in cards not used yet.", effects.cards)
        yield words % effects.cards
    yield _("Every sign-in, on every device. Signing in again works at once.")


def groups_words(effects: Effects) -> Iterator[str]:
    if effects.memberships:
        words = ngettext("%d membership in a group.", "%d memberships in groups.", effects.memberships)
        yield words % effects.memberships
    if effects.requests:
        words = ngettext(
            "%d question whether they can come to a group, not answered yet.",
            "%d questions whether they can come to a group, not answered yet.",
            effects.requests,
        )
        yield words % effects.requests


def places_words(effects: Effects) -> str:
    if not effects.places:
        return _("No place in a session: none is booked.")
    count = len(effects.places)
    words = ngettext(
        "%(count)d place in a session, %(days)s.", "%(count)d places in sessions, %(days)s.", count
    )
    return words % {"count": count, "days": day_words(effects.days)}


def day_words(days: list[date]) -> str:
    """The days, or the first and the last of many."""
    named = [date_format(day, "j F") for day in days]
    if len(named) > DAYS_NAMED:
        return _("from %(first)s to %(last)s") % {"first": named[0], "last": named[-1]}
    return _("on %(days)s") % {"days": get_text_list(named, _("and"))}


def team_words(effects: Effects) -> str:
    if not effects.team:
        return _("Nobody is on the care team.")
    names = get_text_list([str(clinician) for clinician in effects.team], _("and"))
    return _("The care team: %(names)s. They can no longer open this page.") % {"names": names}


def what_stays(client: User, now: datetime) -> dict[str, Any]:
    last = client.last_day or last_day_after(timezone.localdate(now))
    return {"last_day": last, "days": settings.ALUMNI_DAYS}
