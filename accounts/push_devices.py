"""The browser somebody sits at, and the messages it may show: known by a cookie, ended by signing out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.sign_in import session_limits
from notifications import push_service
from notifications.models import PushSubscription

if TYPE_CHECKING:
    from accounts.models import User

KEPT_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie


def cookie() -> str:
    return "__Host-push" if settings.SESSION_COOKIE_SECURE else "push"


def here(request: HttpRequest) -> UUID | None:
    """The subscription of this browser, whoever signed in since."""
    try:
        return UUID(request.COOKIES.get(cookie(), ""))
    except ValueError:
        return None


def remember(response: HttpResponse, made: PushSubscription) -> None:
    response.set_cookie(
        cookie(),
        str(made.pk),
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_offered(request: HttpRequest, person: User) -> bool:
    """Never on a device that others use too: it would light up in front of them. Nor to who has left (A6)."""
    shared = session_limits.is_shared(request) or request.session.get(session_limits.SHARED)
    return push_service.is_offered() and not shared and not person.is_alum


def end_here(request: HttpRequest, response: HttpResponse, now: datetime) -> None:
    """Signed out means that nothing more comes to this screen, whoever it was that turned it on."""
    if known := here(request):
        for found in PushSubscription.objects.filter(pk=known).select_related("person"):
            PushSubscription.objects.filter(pk=known).end(of=found.person, now=now)
    response.delete_cookie(cookie())


def end_others(request: HttpRequest, person: User, now: datetime) -> None:
    """Every device but the one in hand."""
    PushSubscription.objects.but([here(request)]).end(of=person, now=now)
