"""Wrong passwords are counted twice: by the name that was typed, and by the person behind it (A2).

The first count can be seen, and is the same for names that nobody has. The second, which adds up the name and
the e-mail of one person, must stay unseen: if it answered, it would tell that the two are one person's.
Whoever is signed in and shows again that it is them is counted apart from both.
"""

import secrets
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import AuditEvent, User

TOLD_EVERY = timedelta(hours=1)


class CountedGuesses(DefaultAccountAdapter):
    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The person, if the password is theirs and the account open. What failed, nobody learns."""
        typed = str(credentials.get("username") or credentials.get("email"))
        person = User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).first()
        key = str(person.pk) if person else f"nobody {typed.lower()}"
        guess = consume(request, key)
        # A guess too many is not tried. One that cannot be right is, so that it takes as long.
        password = secrets.token_urlsafe() if guess is None else credentials["password"]
        # Given as an e-mail too, a known one would be compared twice, and the time would tell.
        user = super().authenticate(request, username=typed, password=password)
        if guess is not None:
            settle(request, key, guess, person, right=user is not None)
        return user if isinstance(user, User) and user.can_sign_in else None

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Counted by person and session: a stranger who guesses at the name stops nobody who is in."""
        key = f"again {user.pk} {self.request.session.session_key}"
        guess = consume(self.request, key)
        if guess is None:
            raise self.validation_error("too_many_login_attempts")
        right: bool = user.check_password(password)
        settle(self.request, key, guess, user, right=right)
        return right


def settle(
    request: HttpRequest, key: str, guess: ratelimit.RateLimitUsage, person: User | None, *, right: bool
) -> None:
    """A right password uses nothing up; the last wrong one is told."""
    if right:
        guess.rollback()
    elif consume(request, key, dry_run=True) is None and person is not None:
        tell_managers(person)


def tell_managers(person: User) -> None:
    """Somebody may keep a person out on purpose, by guessing without end. One line an hour is enough."""
    now = timezone.now()
    tries = AuditEvent.objects.filter(act=AuditEvent.Act.TRIES, subject_id=person.pk)
    if not tries.filter(at__gt=now - TOLD_EVERY).exists():
        AuditEvent.objects.record(AuditEvent.Act.TRIES, by=None, about=person, now=now)


def consume(request: HttpRequest, key: str, dry_run: bool = False) -> ratelimit.RateLimitUsage | None:
    return ratelimit.consume(
        request, app="allauth.account", action="login_failed_person", key=key, dry_run=dry_run
    )
