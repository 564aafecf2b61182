"""allauth's pages for the second step, with our rules: whose device it is, what may go, who is told."""

from textwrap import wrap
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.http import PersonRequest, see_other
from accounts.sign_in import security, session_limits
from accounts.sign_in.second_factor import forms
from accounts.sign_in.second_factor.adapter import factors_of
from accounts.sign_in.second_factor.gate import note_shown


@require_safe
def set_up(request: PersonRequest) -> HttpResponse:
    """Why, and the two ways: for whoever has none yet."""
    if factors_of(request.user).exists():
        return see_other("mfa_index")
    return render(request, "mfa/set_up.html")


class Told:
    """The change, the record of it and the message about it are one transaction, one person at a time."""

    kind = security.FACTOR_ADDED
    detail = ""
    request: Any

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        security.alone(self.request.user)
        if words := self.refusal():
            messages.error(self.request, words)
            return see_other("mfa_index")
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        security.changed(self.request.user, self.kind, self.detail)
        return response

    def refusal(self) -> str:
        """Why it cannot be done, seen when nobody else can change it any more."""
        return ""


class Removed(Told):
    kind = security.FACTOR_REMOVED

    def refusal(self) -> str:
        allowed = get_adapter().can_delete_authenticator(self.to_remove())
        return "" if allowed else str(get_adapter().error_messages["cannot_delete_authenticator"])

    def to_remove(self) -> Authenticator:
        raise NotImplementedError


class SetUpCode(Told, ActivateTOTPView):
    form_class = forms.SetUpCodeForm
    detail = "code added"

    def refusal(self) -> str:
        there = factors_of(self.request.user).filter(type=Authenticator.Type.TOTP).exists()
        return _("An app is set up already.") if there else ""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        note_shown(self.request, factors_of(self.request.user).get(type=Authenticator.Type.TOTP))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"secret": " ".join(wrap(context["form"].secret, 4))}


class RemoveCode(Removed, DeactivateTOTPView):
    detail = "code removed"

    def to_remove(self) -> Authenticator:
        return self.authenticator


class AddPasskey(Told, AddWebAuthnView):
    form_class = forms.AddPasskeyForm
    detail = "passkey added"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_on_shared_device(request):
            return see_other("mfa_list_webauthn")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        passkeys = factors_of(self.request.user).filter(type=Authenticator.Type.WEBAUTHN)
        note_shown(self.request, passkeys.latest("pk"))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # A key that signs in alone is kept on the device, and asks for a face, a finger or a PIN.
        return context | {
            "js_data": {"creation_options": webauthn.begin_registration(self.request.user, True)}
        }


def is_on_shared_device(request: Any) -> bool:
    """On a tablet that goes from hand to hand a passkey would belong to whoever knows its PIN."""
    is_client = request.user.is_authenticated and request.user.is_client
    return is_client and bool(request.session.get(session_limits.SHARED))


class RemovePasskey(Removed, RemoveWebAuthnView):
    detail = "passkey removed"

    def to_remove(self) -> Authenticator:
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"refusal": self.refusal()}


class RenamePasskey(EditWebAuthnView):
    form_class = forms.RenamePasskeyForm


class NewCodes(Told, GenerateRecoveryCodesView):
    kind = security.CODES_MADE
    detail = "spare codes made"


class SecondStep(AuthenticateView):
    webauthn_form_class = forms.PasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ways = set(factors_of(self.stage.login.user).values_list("type", flat=True))
        return super().get_context_data(**kwargs) | {
            "has_app": Authenticator.Type.TOTP in ways,
            "has_passkey": Authenticator.Type.WEBAUTHN in ways,
        }


class PasskeySignIn(LoginWebAuthnView):
    form_class = forms.PasskeySignInForm


class PasskeyAgain(ReauthenticateWebAuthnView):
    form_class = forms.PasskeyAgainForm

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, str(get_adapter().error_messages["incorrect_code"]))
        return see_other(self.passthrough_next_url(self.request.path))


@require_POST
@never_cache
def download_codes(request: PersonRequest) -> HttpResponse:
    """The page shows the codes once and sends them back to be kept as a file; others are not written down."""
    codes = request.POST.get("codes", "").split()
    kept = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES).first()
    if kept is None or codes != kept.wrap().get_unused_codes():
        raise Http404
    response = HttpResponse("\n".join(codes) + "\n", content_type="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="codes.txt"'
    return response
