from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class DeletionForm(forms.Form):
    """The name is typed, so that nobody deletes everything with one tap in the wrong place."""

    username = forms.CharField(
        label=_("Type your sign-in name"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"]
        if User.normalize_username(typed).casefold() != self.person.username.casefold():
            raise ValidationError(_("This is not your sign-in name. Nothing was deleted."), code="name")
        return typed
