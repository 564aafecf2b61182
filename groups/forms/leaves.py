from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from groups.forms.planning import FacilitatorField
from groups.forms.rule import A_YEAR, DATE
from groups.models import Leave


class LeaveForm(forms.ModelForm):
    """From when to when; a manager says who. Why somebody is away is not asked."""

    class Meta:
        model = Leave
        fields = ["first", "last"]
        widgets = {"first": DATE, "last": DATE}

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by
        if by.has_perm("groups.manage_leave"):
            self.fields = {"person": FacilitatorField(label=_("Who is away")), **self.fields}

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        today = timezone.localdate()
        if not today <= first <= today + A_YEAR:
            raise ValidationError(_("Choose a day from today on, within a year."))
        return first

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last > first + A_YEAR:
            self.add_error("last", ValidationError(_("Choose a day within a year of the first.")))
        if first and last and last < first:
            self.add_error("last", ValidationError(_("The last day comes before the first.")))
        return cleaned

    def person(self) -> User:
        return self.cleaned_data.get("person", self.by)

    def leave(self) -> Leave:
        """What would be noted, unsaved."""
        return Leave(person=self.person(), first=self.cleaned_data["first"], last=self.cleaned_data["last"])
