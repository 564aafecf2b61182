"""How long a session lasts (A4): shorter for a role that may do more and on a shared device.

The limits hold wherever somebody asks who is there, on every page and on none in particular: a session past
its limit is nobody's, and is gone.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware as DjangoAuthenticationMiddleware
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User

STARTED_AT, SEEN_AT, SHARED = "started_at", "seen_at", "shared_device"
WRITE_EVERY = 60  # seconds; reading a page writes no row more often
SHARED_COOKIE_SECONDS = 365 * 24 * 3600


class AuthenticationMiddleware(DjangoAuthenticationMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: person_within_limits(request))  # type: ignore[assignment]


def person_within_limits(request: HttpRequest) -> Any:
    """Who is there; nobody once the session is past a limit, which also ends it."""
    person = get_user(request)
    if not isinstance(person, User):
        return person
    session = request.session
    if not person.can_sign_in:
        return nobody(request)
    if STARTED_AT not in session:
        begin(request)
    elif seconds_left(session, person) <= 0:
        request.session_ended = True  # type: ignore[attr-defined]  # for the words on the way out
        return nobody(request)
    elif "X-Background" not in request.headers:  # what a page asks for by itself keeps nothing alive
        keep_alive(session)
    return person


def nobody(request: HttpRequest) -> AnonymousUser:
    request.session.flush()
    request._cached_user = AnonymousUser()  # type: ignore[attr-defined]  # where Django keeps it
    return request._cached_user  # type: ignore[attr-defined]


def begin(request: HttpRequest, **_signal: Any) -> None:
    """Marks the session of somebody who signs in, by whatever way."""
    now = timezone.now().timestamp()
    request.session[STARTED_AT] = request.session[SEEN_AT] = now
    request.session.setdefault(SHARED, is_shared(request))


def keep_alive(session: SessionBase) -> None:
    now = timezone.now().timestamp()
    # Not within the minute, unless the clock was put back.
    if not 0 <= now - session[SEEN_AT] < WRITE_EVERY:
        session[SEEN_AT] = now


def seconds_left(session: SessionBase, person: User) -> float:
    """Until this session ends if nothing more is asked for in it."""
    now = timezone.now().timestamp()
    minutes = settings.IDLE_MINUTES[person.role]
    if session.get(SHARED):
        minutes = min(minutes, settings.SHARED_DEVICE_IDLE_MINUTES)
    idle_for = max(0, now - session[SEEN_AT])
    return min(
        minutes * 60 - idle_for, settings.LONGEST_HOURS[person.role] * 3600 - (now - session[STARTED_AT])
    )


def sign_in_address(request: HttpRequest, page: str, *, kept: bool = False) -> str:
    """Where an ended session leads. Whoever is next at a shared device does not learn where the last was.

    `kept`: words that came too late wait behind the sign-in page (J4).
    """
    query = {"ended": "1", "kept": "1"} if kept else {"ended": "1"}
    if not is_shared(request):
        query["next"] = page
    return f"{reverse(settings.LOGIN_URL)}?{urlencode(query, safe='/')}"


def shared_cookie() -> str:
    return "__Host-shared" if settings.SESSION_COOKIE_SECURE else "shared"


def is_shared(request: HttpRequest) -> bool:
    """Whether somebody said in this browser that others use it too. The cookie says nothing of anybody."""
    return shared_cookie() in request.COOKIES


def remember_shared(response: HttpResponse, shared: bool) -> None:
    if not shared:
        response.delete_cookie(shared_cookie())
        return
    response.set_cookie(
        shared_cookie(),
        "1",
        max_age=SHARED_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def register() -> None:
    # The framework's own signal: the one place that every way of signing in passes.
    user_logged_in.connect(
        lambda sender, **signal: begin(**signal), weak=False, dispatch_uid="session_limits"
    )
