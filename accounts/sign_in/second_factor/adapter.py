from typing import Any
from urllib.parse import urlsplit

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import vault
from accounts.models import User

PURPOSE = "mfa"


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("You need this to sign in. Add another way first."),
        "cannot_generate_recovery_codes": _("Set up a passkey or an app first."),
        "incorrect_code": _("That did not match. Please try again."),
    }

    def encrypt(self, text: str) -> str:
        return vault.seal_own(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises vault.Unreadable: a secret that cannot be opened lets nobody in."""
        return vault.unseal_own(encrypted_text, PURPOSE)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def get_totp_issuer(self) -> str:
        """The host alone: an authenticator app may be open on a screen that others see."""
        return urlsplit(settings.SITE_URL).hostname or ""

    def build_totp_svg(self, url: str) -> SafeString:
        # Black on white in any theme, because cameras need it; the picture is our own, so it is safe.
        drawn = segno.make(url).svg_inline(
            scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None
        )
        return mark_safe(drawn)  # noqa: S308

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep at least one way, where the house asks for one (A3)."""
        user = authenticator.user
        return not is_required(user) or factors_of(user).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("My device") if number == 1 else gettext("Device %d") % number

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        # The browser shows both names before anybody has signed in, so neither is the name that people use.
        entity = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.get_username(), "display_name": user.get_username()}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = super().get_public_key_credential_rp_entity()["id"]
        return {"id": host, "name": host}


def is_required(user: Any) -> bool:
    """Whether this person needs a second step for anything but reading (A3)."""
    return settings.REQUIRE_SECOND_FACTOR and isinstance(user, User) and not user.is_client


def factors_of(user: Any) -> Any:
    """What can be the second step. Spare codes cannot stand alone."""
    return Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
