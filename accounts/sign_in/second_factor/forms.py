"""allauth's forms, kinder to people and deaf to what no browser sends."""

import struct
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import clean_name
from accounts.vault import Unreadable

LONGEST_NAME = 40
# What the libraries stumble over when bytes from outside are no credential at all.
NO_CREDENTIAL = (ValueError, TypeError, LookupError, AttributeError, AssertionError, struct.error)


class SetUpCodeForm(ActivateTOTPForm):
    """Keeps the new secret sealed while it waits in the session; a page loaded again shows the same one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.fields["code"].label = _("Code from the app")
        self.secret = waiting_secret()


def waiting_secret() -> str:
    session = context.request.session
    try:
        return decrypt(session[totp.SECRET_SESSION_KEY])
    except (KeyError, Unreadable):
        secret = totp.generate_totp_secret()
        session[totp.SECRET_SESSION_KEY] = encrypt(secret)
        return secret


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey that can sign in alone. Whoever lives here says first that the device is their own."""

    passwordless = None  # every passkey here is
    name = forms.CharField(
        label=_("A name for this device"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("So that you know it again in the list."),
    )
    own_device = forms.BooleanField(label=_("This device is mine. Nobody else can unlock it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.user.is_client:
            del self.fields["own_device"]

    def clean_name(self) -> str:
        return clean_name(super().clean_name()) or self.initial["name"]

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data  # the challenge is for a form that is whole
        try:
            # The state in the session asks for a check of the person (face, finger or PIN).
            return super().clean()
        except NO_CREDENTIAL as error:
            raise get_adapter().validation_error("incorrect_code") from error


class RenamePasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("A name for this device"), max_length=LONGEST_NAME)

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write a name."))
        return name


class Careful:
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NO_CREDENTIAL as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeyForm(Careful, AuthenticateWebAuthnForm):
    pass


class PasskeySignInForm(Careful, LoginWebAuthnForm):
    pass


class PasskeyAgainForm(Careful, ReauthenticateWebAuthnForm):
    pass
