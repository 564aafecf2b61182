"""Staff go no further than reading until they have shown a second step in this session (A3)."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.gates import ask_again
from accounts.http import see_other
from accounts.sign_in import devices
from accounts.sign_in.second_factor.adapter import factors_of, is_required

SIGN_OUT = "account_logout"
# The way in for whoever has no second step yet.
SET_UP = frozenset(
    {
        "mfa_set_up",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "account_reauthenticate",
        SIGN_OUT,
    }
)
# Who has one shows it: a session that knows the password alone must not add another.
SHOW = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn", SIGN_OUT})


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or not is_required(request.user):
            return None
        if was_shown(request):
            return None
        kinds = set(factors_of(request.user).values_list("type", flat=True))
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in (SHOW if kinds else SET_UP):
            return None
        return sent_to(request, reverse(way_on(kinds)))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """allauth would put the body of a form and the session cookie into the session table, in clear."""
        return ask_again(request) if isinstance(exception, ReauthenticationRequired) else None


def way_on(kinds: set[str]) -> str:
    """To the page that asks for what the person has; the others are one tap from there."""
    if not kinds:
        return "mfa_set_up"
    return "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"


def was_shown(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def note_shown(request: HttpRequest, factor: Authenticator) -> None:
    """Setting a way up has just proved it; allauth notes nothing. A new key, too."""
    record_authentication(request, factor.user, "mfa", id=factor.pk, type=factor.type)
    devices.renew_key(request, reauthenticated=True)


def sent_to(request: HttpRequest, address: str) -> HttpResponse:
    request.stopped_at_gate = True  # type: ignore[attr-defined]  # a form that had waited goes on waiting
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return see_other(address)
