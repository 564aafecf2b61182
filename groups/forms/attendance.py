from collections.abc import Collection
from copy import copy
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.user_queries import UserQuerySet
from groups.models import Attendance
from groups.sheet_rows import Row


class AttendanceForm(forms.Form):
    """The whole sheet: a choice of marks for each person on it; a row without a mark stays unrecorded."""

    def __init__(self, *args: Any, rows: Collection[Row], **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows = list(rows)
        mark = forms.ChoiceField(required=False, widget=forms.RadioSelect)
        for row in self.rows:
            self.fields[str(row.person.pk)] = field = copy(mark)
            field.choices = row.choices
            field.label = str(row.person)

    def was(self, row: Row) -> str | None:
        """The mark that the sheet showed when it was drawn."""
        return self.data.get(f"was-{row.person.pk}")

    def typed(self, row: Row) -> str:
        return self.data.get(str(row.person.pk), "") if self.is_bound else row.mark

    def seen(self) -> dict[UUID, list[str]]:
        pairs = [(row.person.pk, self.was(row)) for row in self.rows]
        return {client: [was] for client, was in pairs if was is not None}

    def marks(self, *, others: Collection[str], cleared: str) -> dict[UUID, str]:
        """Client to mark, of those whose mark changes; whoever of `others` (ids) has none gets what fits."""
        found: dict[UUID, str] = {}
        for name, row in zip(self.fields, self.rows, strict=True):
            typed = self.cleaned_data[name]
            if name == cleared:
                found[row.person.pk] = ""
            elif typed and typed != self.was(row):
                found[row.person.pk] = typed
            elif not typed and not row.mark and name in others:
                found[row.person.pk] = row.fitting
        return found


class MarkForm(forms.Form):
    """One mark of one person; empty takes it back."""

    client = forms.UUIDField()
    state = forms.ChoiceField(choices=Attendance.MARKS, required=False)


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person: User) -> str:
        return f"{person} ({person.pronouns})" if person.pronouns else str(person)


class WalkInForm(forms.Form):
    """Somebody who came without a place."""

    person = PersonField(
        queryset=None,
        label=_("Who came?"),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose who came."), "invalid_choice": _("Choose who came.")},
    )
    state = forms.ChoiceField(
        label=_("They were"),
        choices=Attendance.WAS_THERE,
        initial=Attendance.State.PRESENT,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, people: UserQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
