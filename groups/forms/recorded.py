from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.forms.rule import A_YEAR, DATE

SHOWN_AT_FIRST = timedelta(days=28)


class RecordedDays(forms.Form):
    """From which day to which; the last four weeks where nobody asks for others. It is sent by GET."""

    first = forms.DateField(label=_("First day"), widget=DATE)
    last = forms.DateField(label=_("Last day"), widget=DATE)

    def __init__(self, asked: dict[str, str]) -> None:
        today = timezone.localdate()
        default = {"first": (today - SHOWN_AT_FIRST).isoformat(), "last": today.isoformat()}
        super().__init__({name: asked.get(name, day) for name, day in default.items()})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError(_("The last day comes before the first.")))
        elif first and last and last - first > A_YEAR:
            self.add_error("last", ValidationError(_("Choose a day within a year of the first.")))
        return cleaned
