from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from groups.joining import IN, LINE, Date
from groups.models import Group
from groups.refusals import Refused, Unagreed


class SeriesJoiningForm(forms.Form):
    """Which dates of a series, and once for all of them what the group promises each other (B6)."""

    dates = forms.MultipleChoiceField(
        label=_("Dates"),
        error_messages={
            "required": _("Tick at least one date."),
            "invalid_choice": _("The list has changed since you looked. Please look again."),
        },
    )
    agreed = forms.CharField(label=_("What we promise each other"), required=False, max_length=20)
    adds_me = forms.BooleanField(
        label=_("Add me automatically"),
        help_text=_(
            "When a place opens on the day before or on the day itself, you are in without being asked."
        ),
        required=False,
    )

    def __init__(self, *args: Any, dates: Sequence[Date], client: User, group: Group, **options: Any) -> None:
        super().__init__(*args, **options)
        self.group, self.is_agreed = group, group.is_agreed_by(client)
        choices = [(f"{way}-{date.session.pk}", "") for date in dates for way in (IN, LINE)]
        self.fields["dates"].choices = choices  # type: ignore[attr-defined]
        ticked = self.ticked()
        for date in dates:
            # Whoever ticked a place is not put in line by that tick, when the place is gone meanwhile (C5).
            date.is_ticked = date.way == IN and date.is_soon if ticked is None else date.value in ticked

    def ticked(self) -> set[str] | None:
        return set(self.data.getlist("dates")) if self.is_bound else None  # type: ignore[attr-defined]

    def clean_agreed(self) -> str:
        agreed: str = self.cleaned_data["agreed"]
        if not self.is_agreed and agreed != str(self.group.agreement_version):
            raise forms.ValidationError(str(Unagreed.message))
        return agreed

    def wish(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"wanted": set(data["dates"]), "agreed": data["agreed"], "adds_me": data["adds_me"]}

    def answer(self, dates: Sequence[Date], refused: Mapping[UUID, Refused]) -> None:
        """Puts beside each date that was refused why it did not work; what worked shows by itself."""
        for date in dates:
            date.refusal = refused.get(date.session.pk)
        self.add_error("dates", _("Not every date worked. Beside each you can read why."))
