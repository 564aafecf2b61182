from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from groups.forms.rule import A_YEAR, DATE, OFTEN, Ends, RuleFields, last_day
from groups.models import Group, Room, Series

AN_HOUR = timedelta(hours=1)
ONCE = "once"
# What the board's free places say about themselves, and the fields they fill.
ASKED = {"date": "start_date", "time": "start_time", "room": "room", "lead": "lead", "group": "group"}


class FacilitatorField(forms.ModelChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(User.objects.clinicians().active().order_by("chosen_name"), **options)


class SeriesForm(RuleFields, forms.ModelForm):
    client_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    group = forms.ModelChoiceField(
        Group.objects.running(),
        label=_("Group"),
        required=False,
        empty_label=_("A new group, described below"),
    )
    lead = FacilitatorField(label=_("Led by"))
    co_lead = FacilitatorField(label=_("Together with"), required=False, empty_label=_("Nobody"))
    room = forms.ModelChoiceField(Room.objects.open(), label=_("Room"))
    often = forms.ChoiceField(label=_("How often"), choices=[(ONCE, _("Just once")), *OFTEN], initial="1")

    class Meta:
        model = Series
        fields = ["room", "start_date", "start_time", "until", "count"]
        widgets = {"start_date": DATE}
        help_texts = {"start_date": _("Or the first chosen day after it.")}

    def clean_start_date(self) -> date:
        start, today = self.cleaned_data["start_date"], timezone.localdate()
        if not today <= start <= today + A_YEAR:
            raise ValidationError(_("Choose a day from today on, within a year."))
        return start

    def _once(self) -> None:
        """A single day is a rule that has one day, whatever stands in the fields that are hidden then."""
        start = self.cleaned_data.get("start_date")
        weekdays = [start.weekday()] if start else []
        self.cleaned_data |= {"often": "1", "weekdays": weekdays, "ends": Ends.AFTER, "count": 1}
        for name in ("weekdays", "ends", "until", "count"):
            self.errors.pop(name, None)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("often") == ONCE:
            self._once()
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("co_lead") and cleaned["co_lead"] == cleaned.get("lead"):
            self.add_error("co_lead", _("Choose somebody else, or nobody."))
        start, rule = cleaned.get("start_date"), self.rule()
        if start and rule:
            cleaned["start_date"] = first = rule.first_day(start)
            if cleaned.get("until") and cleaned["until"] < first:
                self.add_error("until", _("The first session would be after this day."))
            count = cleaned.get("count")
            if count and last_day(rule, first, count=count) > timezone.localdate() + 2 * A_YEAR:
                self.add_error(
                    "count", _("That would take more than two years. Choose fewer times, or no end.")
                )
        return cleaned

    def leads(self) -> list[User]:
        return [person for name in ("lead", "co_lead") if (person := self.cleaned_data.get(name))]

    @property
    def has_dates(self) -> bool:
        """Whether enough is typed to say when it would be."""
        needed = ("start_date", "often", "weekdays", "start_time", "end_time", "ends")
        return not any(name in self.errors for name in (*needed, "until", "count"))

    def series(self, group: Group) -> Series:
        """The series as it was typed, unsaved. Only for a form that `has_dates`."""
        series: Series = self.instance
        series.group = group
        if token := self.cleaned_data.get("client_token"):
            series.client_token = token
        series.start_date = self.cleaned_data["start_date"]
        series.start_time, series.minutes = self.cleaned_data["start_time"], self.minutes()
        series.until, series.count = self.cleaned_data["until"], self.cleaned_data["count"]
        series.rule = str(self.rule())
        return series

    @classmethod
    def asked(cls, query: Mapping[str, str], *, by: User) -> dict[str, Any]:
        """What the form begins with: what a link says, as far as it makes sense."""
        initial: dict[str, Any] = {
            "lead": by.pk if by.is_clinician else None,
            "start_date": timezone.localdate(),
        }
        for name, field in ASKED.items():
            with suppress(ValidationError):
                if query.get(name) and (value := cls.base_fields[field].clean(query[name])):
                    initial[field] = getattr(value, "pk", value)
        if not timezone.localdate() <= initial["start_date"] <= timezone.localdate() + A_YEAR:
            initial["start_date"] = timezone.localdate()
        elif query.get("date"):
            initial["weekdays"] = [initial["start_date"].weekday()]
        if start := initial.get("start_time"):
            initial["end_time"] = (datetime.combine(date.min, start) + AN_HOUR).time()
        return initial
