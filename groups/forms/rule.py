"""How often, when and until when: the fields of a rule, for planning a series and for changing one (T1)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups import recurrence
from groups.recurrence import LAST, Rule

WEEKDAYS = [
    (0, _("Mon")),
    (1, _("Tue")),
    (2, _("Wed")),
    (3, _("Thu")),
    (4, _("Fri")),
    (5, _("Sat")),
    (6, _("Sun")),
]
OFTEN = [
    (
        _("By the week"),
        [
            ("1", _("Every week")),
            ("2", _("Every 2 weeks")),
            ("3", _("Every 3 weeks")),
            ("4", _("Every 4 weeks")),
            ("5", _("Every 5 weeks")),
            ("6", _("Every 6 weeks")),
            ("7", _("Every 7 weeks")),
            ("8", _("Every 8 weeks")),
        ],
    ),
    (
        _("By the month"),
        [
            ("first", _("Every month, on the first")),
            ("second", _("Every month, on the second")),
            ("third", _("Every month, on the third")),
            ("fourth", _("Every month, on the fourth")),
            ("last", _("Every month, on the last")),
        ],
    ),
]
POSITIONS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": LAST}
SHORTEST, LONGEST = 10, 480  # minutes of a session
MOST_TIMES = 200
A_YEAR = timedelta(days=366)
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class Ends(models.TextChoices):
    NEVER = "never", _("It goes on")
    ON = "on", _("On a day")
    AFTER = "after", _("After a number of times")


class RuleFields(forms.Form):
    often = forms.ChoiceField(label=_("How often"), choices=OFTEN, initial="1")
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choice"}),
    )
    start_time = forms.TimeField(label=_("From"), widget=TIME)
    end_time = forms.TimeField(label=_("To"), widget=TIME)
    ends = forms.ChoiceField(
        label=_("When does it end?"),
        choices=Ends,
        initial=Ends.NEVER,
        widget=forms.RadioSelect(attrs={"class": "choice"}),
    )
    until = forms.DateField(label=_("Last day"), widget=DATE, required=False)
    count = forms.IntegerField(label=_("How many times"), min_value=1, max_value=MOST_TIMES, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start_time"), cleaned.get("end_time")
        if start and end and not SHORTEST <= minutes_between(start, end) <= LONGEST:
            self.add_error("end_time", _("Choose an end that is 10 minutes to 8 hours after the start."))
        self._clean_end(cleaned)
        return cleaned

    def _clean_end(self, cleaned: dict[str, Any]) -> None:
        """Only the end that was chosen counts, whatever was typed into the other."""
        ends = cleaned.get("ends")
        for choice, name in ((Ends.ON, "until"), (Ends.AFTER, "count")):
            if ends != choice:
                cleaned[name] = None
                self.errors.pop(name, None)
            elif not cleaned.get(name) and name not in self.errors:
                missing = _("Choose the last day.") if name == "until" else _("Write how many times.")
                self.add_error(name, missing)

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and until > timezone.localdate() + 2 * A_YEAR:
            raise ValidationError(_("Choose a day within two years, or no end."))
        return until

    def rule(self) -> Rule | None:
        """As it was typed; None while a part of it is missing."""
        often, weekdays = self.cleaned_data.get("often"), self.cleaned_data.get("weekdays")
        if not (often and weekdays):
            return None
        position = POSITIONS.get(often)
        return Rule(tuple(weekdays), 1 if position else int(often), position)

    def minutes(self) -> int:
        return minutes_between(self.cleaned_data["start_time"], self.cleaned_data["end_time"])


def minutes_between(start: time, end: time) -> int:
    """Past midnight when the end is the earlier one (T4)."""
    between = datetime.combine(date.min, end) - datetime.combine(date.min, start)
    return int((between % timedelta(days=1)).total_seconds() // 60)


def rule_initial(rule: str, *, until: date | None, count: int | None) -> dict[str, object]:
    """What these fields show of a series that is there."""
    parsed = Rule.parse(rule)
    names = {position: name for name, position in POSITIONS.items()}
    return {
        "often": names[parsed.position] if parsed.position else str(parsed.interval),
        "weekdays": list(parsed.weekdays),
        "ends": Ends.ON if until else Ends.AFTER if count else Ends.NEVER,
        "until": until,
        "count": count,
    }


def last_day(rule: Rule, start: date, *, count: int) -> date:
    """Of so many, looked for within what a plan may take."""
    return max(recurrence.up_to(recurrence.days(str(rule), start, count=count), start + 3 * A_YEAR))
