from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import CareTeamMember, User
from journal.forms import RevisionField
from journal.models.sharing import NoSuchDay, end_of

UNREADABLE_DAY = gettext_lazy("This day could not be read. Write it like 2026-11-24.")


class ShareForm(forms.Form):
    """With whom of the care team a page is shared, and for how long (J2)."""

    clinician = forms.ChoiceField(
        label=gettext_lazy("Who may read it?"),
        widget=forms.RadioSelect(attrs={"class": "checks"}),
        error_messages={
            "required": gettext_lazy("Choose one person."),
            "invalid_choice": gettext_lazy("This person is not on your care team any more. Choose again."),
        },
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until the end of a day, if you like"),
        help_text=gettext_lazy("Leave it empty to share it until you take it back."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
        error_messages={"invalid": UNREADABLE_DAY},
    )
    revision = RevisionField(required=False)  # the one of the preview

    def __init__(self, *args: Any, writer: User, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.writer, self.now = writer, now
        team = CareTeamMember.objects.standing().filter(client=writer).primary_first()
        rows = list(team.select_related("clinician"))
        self.team = {str(row.clinician_id): row.clinician for row in rows}
        choices = [(str(row.clinician_id), in_words(row)) for row in rows]
        field = self.fields["clinician"]
        field.choices = choices  # type: ignore[attr-defined]
        if len(rows) == 1:
            field.initial = choices[0][0]

    def clean_ends_on(self) -> Any:
        day = self.cleaned_data["ends_on"]
        try:
            end_of(day, self.writer, self.now)
        except NoSuchDay as error:
            raise ValidationError(str(error), code="day") from error
        return day

    def show(self, revision: int) -> None:
        """What was typed stays; the preview beside it is of that revision from now on."""
        self.data = {**self.data.dict(), "revision": str(revision)}  # type: ignore[attr-defined]

    def words(self) -> dict[str, Any]:
        """What `entry.share` takes from a valid form."""
        data = self.cleaned_data
        reader = self.team[data["clinician"]]
        return {"with_": reader, "revision": data["revision"], "ends_on": data["ends_on"]}


def in_words(row: CareTeamMember) -> str:
    part = _("your main clinician") if row.is_primary else _("on your care team")
    return _("%(name)s, %(part)s") % {"name": row.clinician, "part": part}
