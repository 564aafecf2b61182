"""How a series should be from a session on, or for all that is ahead (T7)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from groups.edits import changing
from groups.edits.wish import Wish, left_of
from groups.forms.planning import FacilitatorField
from groups.forms.rule import A_YEAR, DATE, RuleFields, last_day, rule_initial
from groups.models import Room, Scope, Series, Session
from groups.rule_words import end_time

SERIES_SCOPES = [Scope.FOLLOWING, Scope.ALL]  # a changed rule disables "this" (T7): it has its own page
TOO_LONG = _("That would take more than two years. Choose fewer times, or no end.")
AT_MOST = 2  # people the form names; more of them stay as they are


class Marked(forms.Form):
    """Says how the series was when the page was made, and which sending of the form this is."""

    mark = forms.CharField(widget=forms.HiddenInput, max_length=64)
    client_token = forms.UUIDField(widget=forms.HiddenInput)

    def renew(self, typed: QueryDict) -> None:
        """What was typed goes for the series as it is by now, and is an edit of its own."""
        self.data = typed.copy()
        self.data["mark"], self.data["client_token"] = self.initial["mark"], str(uuid.uuid4())


class SeriesChangeForm(RuleFields, Marked):
    scope = forms.ChoiceField(
        label=_("What should change?"), widget=forms.RadioSelect(attrs={"class": "checks"})
    )
    lead = FacilitatorField(label=_("Led by"))
    co_lead = FacilitatorField(label=_("Together with"), required=False, empty_label=_("Nobody"))
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"))
    own = forms.BooleanField(
        label=_("Also change sessions that were changed by hand"),
        required=False,
    )
    count_shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    field_order = [
        *("scope", "lead", "co_lead", "room", "often", "weekdays", "start_time", "end_time"),
        *("ends", "until", "count", "own"),
    ]

    def __init__(self, data: Any, *, series: Series, session: Session | None, now: datetime) -> None:
        self.series, self.session, self.now = series, session, now
        self.people = series.people()
        self.scopes = SERIES_SCOPES if session else [Scope.ALL]
        super().__init__(data, initial=self.shown())
        self.fields["scope"].choices = [(scope.value, scope.label) for scope in self.scopes]  # type: ignore[attr-defined]
        rooms = Room.objects.filter(Q(closed_at=None) | Q(pk=series.room_id))
        self.fields["room"].queryset = rooms.order_by("name")  # type: ignore[attr-defined]
        self.fields["lead"].required = bool(self.people)
        self.fields["count"].label = _("How many more times")

    def shown(self) -> dict[str, Any]:
        since = changing.reach(self.series, self.session, self.scopes[0], self.now)
        wish = Wish.of(self.series, since)
        people = [person.pk for person in self.people]
        return rule_initial(wish.rule, until=wish.until, count=wish.count) | {
            "scope": self.scopes[0],
            "count_shown": wish.count,
            "room": wish.room.pk,
            "start_time": wish.start_time,
            "end_time": end_time(wish.start_time, wish.minutes),
            "lead": people[0] if people else None,
            "co_lead": people[1] if people[1:] else None,
            "mark": changing.mark_of(self.series),
            "client_token": uuid.uuid4(),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("co_lead") and cleaned["co_lead"] == cleaned.get("lead"):
            self.add_error("co_lead", _("Choose somebody else, or nobody."))
        rule, count = self.rule(), cleaned.get("count")
        if rule and count and "scope" in cleaned:
            last = last_day(rule, rule.first_day(self.since), count=count)
            if last > timezone.localdate() + 2 * A_YEAR:
                self.add_error("count", TOO_LONG)
        return cleaned

    @property
    def since(self) -> date:
        return changing.reach(self.series, self.session, self.cleaned_data["scope"], self.now)

    def wish(self) -> Wish:
        """Only for a valid form."""
        data = self.cleaned_data
        typed = [person for name in ("lead", "co_lead") if (person := data[name])]
        rest = [person for person in self.people[AT_MOST:] if person not in typed]
        return Wish(
            room=data["room"],
            start_time=data["start_time"],
            minutes=self.minutes(),
            rule=str(self.rule()),
            leads=(*typed, *rest),
            until=data["until"],
            count=self.times(),
            own=data["own"],
        )

    def times(self) -> int | None:
        """A number that nobody changed is counted from wherever the change begins. What the page showed came
        with it: a session may have begun since."""
        count: int | None = self.cleaned_data["count"]
        is_as_shown = count and count == self.cleaned_data["count_shown"]
        return left_of(self.series, self.since) if is_as_shown else count

    def leads(self) -> list[User]:
        return list(self.wish().leads)


class SeriesEndForm(Marked):
    on = forms.DateField(label=_("Last day"), widget=DATE)

    @property
    def is_sure(self) -> bool:
        """Whether what this very day would bring was shown before."""
        return self.data.get("sure") == self.cleaned_data["on"].isoformat()

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not timezone.localdate() - timedelta(days=1) <= on <= timezone.localdate() + A_YEAR:
            raise ValidationError(_("Choose a day from yesterday on, within a year."))
        return on
