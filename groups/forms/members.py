"""Who becomes a member of a closed group, and from when to when (B6)."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.user_queries import UserQuerySet
from groups.forms.rule import A_YEAR, DATE

SOON = _("Choose a day from today on, within a year.")


class MembershipDays(forms.Form):
    starts_on = forms.DateField(label=_("First day"), widget=DATE)
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=DATE,
        required=False,
        help_text=_("This day is included. Leave it empty if it is not known yet."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_on"].initial = timezone.localdate()

    def clean_starts_on(self) -> date:
        return soon(self.cleaned_data["starts_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", ValidationError(_("The last day comes before the first.")))
        elif first and last and last > first + A_YEAR:
            self.add_error("ends_on", ValidationError(_("Choose a day within a year of the first.")))
        return cleaned

    def days(self) -> dict[str, Any]:
        return {"starts_on": self.cleaned_data["starts_on"], "ends_on": self.cleaned_data["ends_on"]}


class MemberForm(MembershipDays):
    client = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who"),
        empty_label=_("Choose somebody"),
        error_messages={"invalid_choice": _("Choose somebody from this list.")},
    )

    field_order = ["client", "starts_on", "ends_on"]

    def __init__(self, *args: Any, candidates: UserQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["client"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # for the type checker
        field.queryset = candidates


class LastDayForm(forms.Form):
    on = forms.DateField(label=_("Last day"), widget=DATE, help_text=_("This day is included."))

    def clean_on(self) -> date:
        return soon(self.cleaned_data["on"])


def soon(day: date) -> date:
    today = timezone.localdate()
    if not today <= day <= today + A_YEAR:
        raise ValidationError(SOON)
    return day
