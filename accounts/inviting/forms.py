"""Inviting somebody, accepting an invitation, and coming back with a new card."""

import uuid
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.forms import ProfileForm, clean_name
from accounts.models import User
from accounts.models.invitation_queries import invitable_by

FOR_WHAT = _(
    "For reminders, and for a new password when you have lost yours. The mails never say what this is. "
    "We first send you a link to make sure that it is yours."
)


class How(TextChoices):
    CARD = "card", _("Print a card")
    MAIL = "mail", _("Send an e-mail")


class InviteForm(forms.Form):
    """`inviter` decides for which roles: whoever has no choice is not asked."""

    role = forms.ChoiceField(
        label=_("Whom do you invite?"),
        widget=forms.RadioSelect(attrs={"class": "choice"}),
        error_messages={"invalid_choice": _("You cannot invite somebody for this role.")},
    )
    label = forms.CharField(
        label=_("What to call them in the list below"),
        required=False,
        max_length=60,
        help_text=_(
            "Needed for an e-mail, for its address is forgotten. Only staff read this, and it is gone once "
            "the invitation is used."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    how = forms.ChoiceField(
        label=_("How do they get it?"),
        choices=How.choices,
        initial=How.CARD,
        widget=forms.RadioSelect(attrs={"class": "choice"}),
        error_messages={"invalid_choice": _("Choose one of these.")},
    )
    address = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Only for an e-mail. The mail says that there is a message, and nothing of this place."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    client_token = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "invalid": _("Please open this page again."),
            "required": _("Please open this page again."),
        },
    )

    def __init__(self, *args: Any, inviter: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = invitable_by(inviter)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.initial = {**self.initial, "role": roles[0].value, "client_token": uuid.uuid4()}
        if len(roles) == 1:
            self.fields["role"].widget = forms.HiddenInput()

    def clean_label(self) -> str:
        return clean_name(self.cleaned_data["label"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("how") == How.MAIL and not data.get("address") and "address" not in self.errors:
            self.add_error("address", _("Write the address that the e-mail goes to."))
        if data.get("how") == How.MAIL and not data.get("label") and "label" not in self.errors:
            self.add_error("label", _("Write a name or a word, so that you can tell the e-mails apart."))
        return data


class PasswordForm(forms.ModelForm):
    """A first or a new password for the person whom the form is about."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        help_text=_("At least 12 characters. Four unrelated words are easy to keep."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields: list[str] = []
        exclude = ["password"]  # noqa: DJ006  # else the model checks the old one, as `fields` names none

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # the names must stand on the instance to be compared
        if password := self.cleaned_data.get("password"):
            try:
                validate_password(password, self.instance)
            except ValidationError as error:
                self.add_error("password", error)
            self.instance.set_password(password)


class NewcomerForm(PasswordForm, ProfileForm):
    """What is needed to begin. The clock is shown on the first steps, and changed on one's own page; the
    language is that of the page with this form.
    """

    time_zone = language = None  # type: ignore[assignment]
    username = forms.SlugField(
        label=_("Sign-in name"),
        max_length=40,
        help_text=_(
            "Keep this one, or choose another. It need not be your name, and you cannot change it later."
        ),
        error_messages={"invalid": _("Use letters, numbers and hyphens only.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    address = forms.EmailField(
        label=_("E-mail, if you like"),
        required=False,
        help_text=FOR_WHAT,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    field_order = ["chosen_name", "pronouns", "username", "password", "address"]

    class Meta(ProfileForm.Meta):
        fields = ["username", "chosen_name", "pronouns"]

    def clean_username(self) -> str:
        return self.cleaned_data["username"].lower()

    def clean_address(self) -> str:
        return self.cleaned_data["address"].lower()

    def validate_unique(self) -> None:
        """Later, and only when all else is right: half a form must not tell whose names are taken (A2)."""

    validate_constraints = validate_unique

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors:
            super().validate_unique()
            super().validate_constraints()


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=_("E-mail"), help_text=FOR_WHAT, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_address(self) -> str:
        """One writing of it: what is compared when somebody signs in is in small letters."""
        return self.cleaned_data["address"].lower()
