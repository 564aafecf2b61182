from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from groups.models.group import Kind, Pace


class FindingForm(forms.Form):
    """What a client looks for among the groups. It stands in the address alone, and is remembered nowhere."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    pace = forms.TypedChoiceField(label=_("Pace"), required=False, coerce=int, empty_value=None)

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked, label_suffix="")
        kinds = [(kind.value, capfirst(kind.label)) for kind in Kind]
        self.fields["kind"].choices = [("", _("Any kind")), *kinds]  # type: ignore[attr-defined]
        self.fields["pace"].choices = [("", _("Any pace")), *Pace.choices]  # type: ignore[attr-defined]

    def wish(self) -> dict[str, Any]:
        """Filters for sessions. What an address names that is no kind or pace is left out."""
        self.full_clean()
        return {f"group__{name}": value for name, value in self.cleaned_data.items() if value}
