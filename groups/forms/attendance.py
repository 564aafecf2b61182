import uuid
from copy import copy
from typing import Any

from django import forms

from accounts.models import User
from groups.models import Attendance


class AttendanceForm(forms.Form):
    """One row of marks for each person on the roster; a row without a mark stays unrecorded."""

    def __init__(self, *args: Any, roster: list[User], known: dict[uuid.UUID, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.roster = roster
        self.known = known
        self.recorded = sum(person.pk in known for person in roster)
        mark = forms.ChoiceField(choices=Attendance.MARKS, required=False, widget=forms.RadioSelect)
        for person in roster:
            self.fields[str(person.pk)] = field = copy(mark)
            field.label, field.initial = str(person), known.get(person.pk)

    def rows(self) -> list[tuple[User, str | None]]:
        """Each person with the mark that is typed or known."""
        typed = self.data if self.is_bound else {str(client): mark for client, mark in self.known.items()}
        return [(person, typed.get(str(person.pk))) for person in self.roster]

    def marks(self, *, others: list[str]) -> dict[uuid.UUID, str]:
        """Client to mark; whoever of `others` (ids) has none was present."""
        present = dict.fromkeys(others, Attendance.State.PRESENT)
        chosen = {
            person.pk: self.cleaned_data[name] or self[name].initial or present.get(name)
            for name, person in zip(self.fields, self.roster, strict=True)
        }
        return {client: mark for client, mark in chosen.items() if mark}
