"""Who is on call, as a manager plans it."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DutyShift, User

MOST_WEEKS = 26


def clock(label: Any, hint: Any = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text=hint,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Choose a time."), "invalid": _("Write the time like 19:00.")},
    )


class ShiftForm(forms.Form):
    clinician = forms.ModelChoiceField(
        label=_("Who"),
        queryset=User.objects.none(),
        empty_label=_("Choose somebody"),
        error_messages={
            "required": _("Choose somebody from the list."),
            "invalid_choice": _("Choose somebody from the list."),
        },
    )
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose a day."),
            "invalid": _("Write the day like 2026-11-30."),
        },
    )
    starts = clock(_("From"))
    ends = clock(_("Until"), _("When this is not after the start, it is on the next day."))

    def __init__(self, data: Any = None, *, shift: DutyShift | None = None) -> None:
        super().__init__(data, initial=told(shift) if shift else None)
        self.fields["clinician"].queryset = (  # type: ignore[attr-defined]
            User.objects.active().clinicians().order_by("chosen_name", "pk")
        )


class PlanForm(ShiftForm):
    weeks = forms.IntegerField(
        label=_("For how many weeks"),
        initial=1,
        min_value=1,
        max_value=MOST_WEEKS,
        help_text=_("On the same day of each week."),
    )


def told(shift: DutyShift) -> dict[str, Any]:
    starts: datetime = timezone.localtime(shift.starts_at)
    ends = timezone.localtime(shift.ends_at)
    return {
        "clinician": shift.clinician_id,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
    }
