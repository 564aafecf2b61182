from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from accounts import notices
from accounts.guesses import CountedGuesses


class AccountAdapter(CountedGuesses):
    """Nobody signs up without an invitation (A1), and all mail goes through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        # The link is made when the mail is sent, so that no token is ever stored.
        notices.post_password_reset(user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise AssertionError(f"{template_prefix} would leave outside the outbox")
