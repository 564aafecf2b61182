from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from groups.models import Session
from groups.stand_ins import Candidate


class SubstituteForm(forms.Form):
    """Who leads one session instead of whom. Only a manager is offered somebody who leads elsewhere (C2)."""

    instead_of = forms.ChoiceField(label=_("In place of"), widget=forms.RadioSelect)
    person = forms.ChoiceField(label=_("Who leads it"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why may they be in two places?"),
        max_length=200,
        required=False,
        help_text=_("Only for somebody who leads elsewhere then. It is kept."),
    )

    def __init__(
        self,
        *args: Any,
        session: Session,
        candidates: list[Candidate],
        by: User,
        away: set[Any],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.leading = {str(person.pk): person for person in session.people}
        may_allow = by.has_perm("groups.allow_overlap")
        offered = [one for one in candidates if not one.why_not or (may_allow and one.could_be_allowed)]
        self.offered = {str(one.person.pk): one for one in offered}
        self.choose("person", [(key, one.why_not or str(one)) for key, one in self.offered.items()])
        self.choose("instead_of", [(key, str(person)) for key, person in self.leading.items()])
        gone = [key for key, person in self.leading.items() if person.pk in away]
        self.fields["instead_of"].initial = next(iter(gone or self.leading), None)
        if len(self.leading) == 1:
            self.fields["instead_of"].widget = forms.HiddenInput()
        elif not self.leading:
            del self.fields["instead_of"]
        if not (may_allow and any(one.why_not for one in offered)):
            del self.fields["reason"]

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        one = self.offered.get(cleaned.get("person", ""))
        if one and one.why_not and not cleaned.get("reason"):
            self.add_error("reason", ValidationError(_("Write why this person may be in two places.")))
        return cleaned

    def chosen(self) -> dict[str, Any]:
        """The words of `Session.substitute`."""
        return {
            "person": self.offered[self.cleaned_data["person"]].person,
            "instead_of": self.leading.get(self.cleaned_data.get("instead_of", "")),
            "reason": self.cleaned_data.get("reason", ""),
        }
