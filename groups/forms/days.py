"""From one day to another, both included: holidays, and days on which a series rests (T9)."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.forms.groups import NamedForm
from groups.forms.rule import A_YEAR, DATE
from groups.models import Holiday

TWO_YEARS = timedelta(days=732)


class Days(forms.Form):
    first = forms.DateField(label=_("First day"), widget=DATE)
    last = forms.DateField(label=_("Last day"), widget=DATE, help_text=_("This day is included."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last, today = cleaned.get("first"), cleaned.get("last"), timezone.localdate()
        if last and not today <= last <= today + TWO_YEARS:
            self.add_error("last", ValidationError(_("Choose a day from today on, within two years.")))
        elif first and last and last < first:
            self.add_error("last", ValidationError(_("The last day comes before the first.")))
        return cleaned


class SuspensionForm(Days):
    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first < timezone.localdate():
            raise ValidationError(_("Choose a day from today on."))
        return first


class HolidayForm(Days, NamedForm):
    """One that began already may stand on the list; one of a whole age may not."""

    class Meta:
        model = Holiday
        fields = ["name", "first", "last"]

    field_order = ["name", "first", "last"]

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first < timezone.localdate() - A_YEAR:
            raise ValidationError(_("Choose a day that is less than a year ago."))
        return first
