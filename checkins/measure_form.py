from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkins.bam import DAYS, ITEMS, LEFT_OPEN, Item, Week

RATHER_NOT = (LEFT_OPEN, gettext_lazy("Rather not say"))


def field_of(item: Item) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=item.question,
        choices=[*item.choices, RATHER_NOT],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "choice scale" if item.choices is DAYS else "choice"}),
        error_messages={"invalid_choice": gettext_lazy("Choose one of these.")},
    )


class MeasureForm(forms.Form):
    """Each question may stay open. What was answered before stays unless another answer is chosen."""

    week = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, week: date, said: Week | None) -> None:
        super().__init__(data, initial={f"item_{name}": value for name, value in (said or {}).items()})
        self.now_is = self.initial["week"] = week
        self.fields |= {f"item_{item.name}": field_of(item) for item in ITEMS}

    def clean_week(self) -> str:
        """Answers of last week become those of this week only where they are sent a second time."""
        now_is = str(self.now_is)
        if self.cleaned_data["week"] in ("", now_is):
            return now_is
        self.data = {**self.data, "week": now_is}
        raise ValidationError(
            _(
                "A new week has begun since you opened this page. Nothing is sent yet. "
                "Send it if it is for the week of %(day)s."
            ),
            params={"day": date_format(self.now_is, "j F")},
        )

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.answers:
            raise ValidationError(_("Answer any one question, or leave this page. Both are fine."))
        return self.cleaned_data

    @property
    def answers(self) -> Week:
        given = ((item.name, self.cleaned_data.get(f"item_{item.name}")) for item in ITEMS)
        return Week({name: value for name, value in given if value is not None})
