import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from groups import recurrence
from groups.models import Group, Series
from groups.models.series import program_zone

WEEKDAYS = [
    (0, _("Mon")),
    (1, _("Tue")),
    (2, _("Wed")),
    (3, _("Thu")),
    (4, _("Fri")),
    (5, _("Sat")),
    (6, _("Sun")),
]
EVERY = [
    (1, _("Every week")),
    (2, _("Every 2 weeks")),
    (3, _("Every 3 weeks")),
    (4, _("Every 4 weeks")),
    (5, _("Every 5 weeks")),
    (6, _("Every 6 weeks")),
    (7, _("Every 7 weeks")),
    (8, _("Every 8 weeks")),
]
A_YEAR = timedelta(days=366)
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class FacilitatorField(forms.ModelChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(User.objects.clinicians().active().order_by("chosen_name"), **options)


class SeriesForm(forms.ModelForm):
    client_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    group = forms.ModelChoiceField(
        Group.objects.all(), label=_("Group"), required=False, empty_label=_("A new group, described below")
    )
    lead = FacilitatorField(label=_("Led by"))
    co_lead = FacilitatorField(label=_("Together with"), required=False, empty_label=_("Nobody"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choice"}),
    )
    interval = forms.TypedChoiceField(label=_("How often"), choices=EVERY, coerce=int, initial=1)

    class Meta:
        model = Series
        fields = ["room", "start_date", "start_time", "minutes", "until"]
        widgets = {"start_date": DATE, "start_time": TIME, "until": DATE}
        help_texts = {
            "start_date": _("Or the first chosen weekday after it."),
            "until": _("Leave it empty to go on until somebody ends it."),
        }

    field_order = [
        "group",
        "lead",
        "co_lead",
        "room",
        "weekdays",
        "interval",
        "start_date",
        "start_time",
        "minutes",
        "until",
    ]

    def clean_start_date(self) -> date:
        start, today = self.cleaned_data["start_date"], timezone.localdate()
        if not today <= start <= today + A_YEAR:
            raise ValidationError(_("Choose a day from today on, within a year."))
        return start

    def clean_until(self) -> date | None:
        until = self.cleaned_data["until"]
        if until and until > timezone.localdate() + 2 * A_YEAR:
            raise ValidationError(_("Choose a day within two years, or leave it empty."))
        return until

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("co_lead") and cleaned["co_lead"] == cleaned.get("lead"):
            self.add_error("co_lead", _("Choose somebody else, or nobody."))
        start, weekdays = cleaned.get("start_date"), cleaned.get("weekdays")
        if start and weekdays:
            cleaned["start_date"] = first = recurrence.first_day(start, weekdays)
            if cleaned.get("until") and cleaned["until"] < first:
                self.add_error("until", _("The first session would be after this day."))
        return cleaned

    def leads(self) -> list[User]:
        return [person for name in ("lead", "co_lead") if (person := self.cleaned_data.get(name))]

    def series(self, group: Group) -> Series:
        """The series as it was typed, unsaved. Only for a valid form."""
        series: Series = self.instance
        series.group = group
        series.client_token = self.cleaned_data["client_token"]
        series.rule = recurrence.weekly(self.cleaned_data["weekdays"], self.cleaned_data["interval"])
        return series

    def skipped_hour(self) -> list[date]:
        """Coming days on which the clock skips the chosen time (T3)."""
        series, zone = self.instance, program_zone()
        days = recurrence.days(series.rule, series.start_date, until=series.until, count=120)
        return [day for day in days if not recurrence.exists(day, series.start_time, zone)]
