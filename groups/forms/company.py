from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from groups.models import Company, Encouragement
from groups.refusals import NamedFirst, NotToThem


class CompanyForm(forms.Form):
    shows_name = forms.BooleanField(
        required=False,
        label=_("Show my name"),
        help_text=_(
            "Whoever has a place in a session with you, and shows their own name, reads yours there, from "
            "the day before. You read theirs. It may be somebody who joins later. They read the name and "
            "nothing else."
        ),
    )
    encouraged = forms.BooleanField(
        required=False,
        label=_("Send and get kind sentences"),
        help_text=_(
            "People who read your name can choose one of a few fixed sentences for you, each of them once a "
            "day at most, and you can do the same. It stands on your Today for two days, with their name. "
            "They do not learn if you read it."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Whoever hides their name is hidden, whatever else is ticked: this must never fail."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned["encouraged"] and not cleaned["shows_name"]:
            if self.initial["shows_name"]:
                cleaned["encouraged"] = False
            else:
                self.add_error("encouraged", forms.ValidationError(NamedFirst.message))
        return cleaned


class PersonForm(forms.Form):
    """People by the number of their place in this session, which says nothing about them anywhere else."""

    asks = _("From whom")
    to = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NotToThem.message, "required": _("Choose a person.")},
    )

    def __init__(self, *args: Any, people: Iterable[Company], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(row.place): row.client for row in people}
        choices = [(place, str(client)) for place, client in self.people.items()]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        self.fields["to"].label = self.asks

    @property
    def person(self) -> User:
        return self.people[self.cleaned_data["to"]]


class EncouragementForm(PersonForm):
    asks = _("For whom")
    sentence = forms.ChoiceField(
        label=_("What you would like to say"),
        widget=forms.RadioSelect,
        choices=Encouragement.Sentence.choices,
        error_messages={"required": _("Choose a sentence.")},
    )
