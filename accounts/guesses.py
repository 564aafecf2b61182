"""Wrong passwords are counted twice: by the name that was typed, and by the person behind it (A2).

The first count can be seen, and is the same for names that nobody has. The second, which adds up the name and
the e-mail of one person, must stay unseen: if it answered, it would tell that the two are one person's.
"""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import AuditEvent, User


class CountedGuesses(DefaultAccountAdapter):
    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The person, if the password is theirs and the account open. What failed, nobody learns."""
        typed = str(credentials.get("username") or credentials.get("email"))
        person = User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).first()
        key = str(person.pk) if person else f"nobody {typed.lower()}"
        guess = consume(request, key)
        if guess is None:
            # A guess too many is not tried. One that cannot be right is, so that it takes as long.
            credentials["password"] = secrets.token_urlsafe()
        user = super().authenticate(request, **credentials)
        if guess is not None and user is not None:
            guess.rollback()
        elif guess is not None and consume(request, key, dry_run=True) is None and person is not None:
            # Somebody may keep them out on purpose: the managers see it.
            AuditEvent.objects.record(AuditEvent.Act.TRIES, by=None, about=person, now=timezone.now())
        return user if user is not None and user.is_active else None


def consume(request: HttpRequest, key: str, dry_run: bool = False) -> ratelimit.RateLimitUsage | None:
    return ratelimit.consume(
        request, app="allauth.account", action="login_failed_person", key=key, dry_run=dry_run
    )
