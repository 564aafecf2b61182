"""The forms through which somebody comes in, and which tell a stranger nothing (A2)."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, UserTokenForm
from django import forms
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from accounts.sign_in import session_limits


class SignInForm(LoginForm):
    """Refuses a very long name in words, before SQLite refuses to compare it."""

    LONGEST = 254

    shared_device = forms.BooleanField(
        label=_("Other people use this device too"),
        required=False,
        help_text=_("Then you are signed out sooner when nobody uses the page."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.fields["login"], self.fields["password"]):
            field.validators.append(MaxLengthValidator(self.LONGEST))
        self.fields["shared_device"].initial = session_limits.is_shared(self.request)

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        shared = self.cleaned_data["shared_device"]
        request.session[session_limits.SHARED] = shared
        response = super().login(request, redirect_url)
        session_limits.remember_shared(response, shared)
        return response


class ForgottenPasswordForm(ResetPasswordForm):
    def save(self, request: HttpRequest, **_tokens: Any) -> str:
        """Asks for the mail. For an address that nobody may use so the same is done, and taken back."""
        users = [user for user in self.users if has_way_back(user)]
        with transaction.atomic():
            for user in users or [User()]:
                notices.post_password_reset(user)
            transaction.set_rollback(not users)
        return self.cleaned_data["email"]


class ResetLinkForm(UserTokenForm):
    def _get_user(self, uidb36: str) -> User | None:
        user = super()._get_user(uidb36)
        return user if user is not None and has_way_back(user) else None


def has_way_back(user: User) -> bool:
    """Whether a mail may lead to a new password. Where the old one was taken away, a card alone does (A9)."""
    return user.can_sign_in and user.has_usable_password()
