import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import notices, push_devices, unsent
from accounts.models import AuditEvent, User
from accounts.sign_in import devices, security
from accounts.sign_in.guesses import CountedGuesses
from accounts.sign_in.second_factor.adapter import is_required
from accounts.sign_in.second_factor.gate import was_shown

WAYS = {"totp": "code", "webauthn": "passkey", "recovery_codes": "spare code"}
# allauth's names for the ways to show again who one is, in our words.
PASSWORD = "reauthenticate"  # noqa: S105
AGAIN = {
    PASSWORD: _("Use your password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(CountedGuesses):
    """Nobody signs up without an invitation (A1), and all mail goes through the outbox."""

    error_messages = CountedGuesses.error_messages | {
        "rate_limited": _("That was too many tries. Please wait five minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **details: Any) -> HttpResponse | None:
        # A passkey comes here without a form of ours before it.
        if user.is_active and not user.can_sign_in:
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **details)

    def login(self, request: HttpRequest, user: Any) -> None:
        # Whoever signs in for the first time knows that the device is new.
        is_new = user.last_login is not None and not devices.is_known(request, user)
        with transaction.atomic():
            super().login(request, user)
            security.record(AuditEvent.Act.SIGNED_IN, user, detail=how(request, user))
            if is_new:
                security.tell(user, security.NEW_DEVICE, about=user.pk)

    def post_login(self, request: HttpRequest, user: Any, **details: Any) -> HttpResponse:
        response = super().post_login(request, user, **details)
        devices.remember(request, response, user)
        unsent.remember(request, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        security.record(AuditEvent.Act.SIGNED_OUT, request.user)
        super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        """Writes the password and nothing else; other devices are signed out at once.

        Hashing takes its time. Whoever was closed, discharged, erased or given another role or password
        meanwhile stays so: raises PermissionDenied.
        """
        unchanged = User.objects.active().filter(
            pk=user.pk, password=user.password, role=user.role, away_since=user.away_since
        )
        user.set_password(password)
        with transaction.atomic():
            if not unchanged.update(password=user.password):
                raise PermissionDenied
            security.changed(user, security.PASSWORD_CHANGED, "password")
            here = self.request.session.session_key
            devices.end(UserSession.objects.filter(user=user).exclude(session_key=here))
            push_devices.end_others(self.request, user, timezone.now())

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago sets up a passkey or an app without typing the password again."""
        if app == "allauth.mfa" and signed_in_just_now(self.request):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        ways = super().get_reauthentication_methods(user)
        if any(way["id"] != PASSWORD for way in ways) and is_required(user) and not was_shown(self.request):
            # The gate asks for the second step, and a password would only lead back to it (A3).
            ways = [way for way in ways if way["id"] != PASSWORD]
        return [{**way, "description": AGAIN.get(way["id"], way["description"])} for way in ways]

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        # The link is made when the mail is sent, so that no token is ever stored.
        notices.post_password_reset(user)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Says nothing: `security` has told it already, in the transaction of the change itself."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise AssertionError(f"{template_prefix} would leave outside the outbox")


def how(request: HttpRequest, user: Any) -> str:
    """The steps of this sign-in, for the record: "password, code"."""
    records = get_authentication_records(request, user)
    return ", ".join(dict.fromkeys(WAYS.get(record.get("type", ""), record["method"]) for record in records))


def signed_in_just_now(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[0]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
