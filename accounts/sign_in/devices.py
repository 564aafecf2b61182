"""Where somebody is signed in: the list for the person, new devices, and what is forgotten after a while."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.signals import authentication_step_completed
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.sign_in import session_limits
from notifications.models import PushSubscription

REMEMBERED_DAYS = 30  # of a session that has ended
KNOWN_SECONDS = 180 * 24 * 3600
KNOWN_AT_MOST = 12  # people on one device
# The first that matches. Others carry the word "Safari" or "Chrome" too, so these two come late.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "SamsungBrowser": "Samsung Internet",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "Chromebook",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class SignedIn:
    """One browser in which somebody is signed in. The address it came from is never shown."""

    pk: int
    browser: str
    since: datetime
    seen: datetime
    is_here: bool


def signed_in(person: User, here: str | None) -> list[SignedIn]:
    """Where this person is signed in now, this browser first, then the one used last. Two queries."""
    rows = UserSession.objects.filter(user=person)
    open_ones = Session.objects.filter(session_key__in=rows.values("session_key"))
    opened = {session.session_key: session.get_decoded() for session in open_ones}
    found = [
        listed(row, opened[row.session_key], here)
        for row in rows
        if is_alive(opened.get(row.session_key, {}), person)
    ]
    return sorted(found, key=lambda place: (place.is_here, place.seen), reverse=True)


def is_alive(session: dict[str, Any], person: User) -> bool:
    if session.get(SESSION_KEY) != str(person.pk):
        return False
    if session.get(HASH_SESSION_KEY) != person.get_session_auth_hash():
        return False  # of another password or role
    return (
        session_limits.STARTED_AT not in session or session_limits.seconds_left(session, person) > 0  # type: ignore[arg-type]  # reads like one
    )


def listed(row: UserSession, session: dict[str, Any], here: str | None) -> SignedIn:
    seen = session.get(session_limits.SEEN_AT, row.created_at.timestamp())
    return SignedIn(
        pk=row.pk,
        browser=browser(row.user_agent),
        since=row.created_at,
        seen=datetime.fromtimestamp(seen, UTC),
        is_here=row.session_key == here,
    )


def browser(user_agent: str) -> str:
    """What a person would call it: "Firefox on Windows"."""
    name = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    if name and system:
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or _("A browser")


def end(rows: Iterable[UserSession]) -> None:
    for row in rows:
        row.end()


def end_all(person: User) -> None:
    """Every sign-in of this person, for good: what is only refused would live again once they are back."""
    end(UserSession.objects.filter(user=person))
    PushSubscription.objects.end(of=person, now=timezone.now(), tell=False)


def clear(now: datetime) -> None:
    """Sessions that have ended, and after a while what was remembered of them, the address first of all."""
    call_command("clearsessions")
    old = UserSession.objects.filter(created_at__lt=now - timedelta(days=REMEMBERED_DAYS))
    old.exclude(session_key__in=Session.objects.values("session_key")).delete()


# A device is known by a cookie with one mark for each person who signed in on it. A mark tells nothing to
# whoever finds it, because it is keyed.


def known_cookie() -> str:
    return "__Host-known" if settings.SESSION_COOKIE_SECURE else "known"


def mark_of(person: User) -> str:
    return salted_hmac("accounts.known_device", str(person.pk), algorithm="sha256").hexdigest()[:32]


def is_known(request: HttpRequest, person: User) -> bool:
    """Whether this person signed in here before. Leaving quickly takes the cookie: then the trace of the
    last sessions decides, or everybody who leaves so would get a warning each time."""
    marks = request.COOKIES.get(known_cookie(), "").split(".")
    if any(constant_time_compare(mark, mark_of(person)) for mark in marks):
        return True
    rows = UserSession.objects.filter(user=person, ip=get_adapter().get_client_ip(request))
    longest = UserSession._meta.get_field("user_agent").max_length
    return rows.filter(user_agent=request.headers.get("User-Agent", "")[:longest]).exists()


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    mine = mark_of(person)
    others = [mark for mark in request.COOKIES.get(known_cookie(), "").split(".") if len(mark) == len(mine)]
    marks = [mine, *(mark for mark in others if mark != mine)][:KNOWN_AT_MOST]
    response.set_cookie(
        known_cookie(),
        ".".join(marks),
        max_age=KNOWN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def renew_key(request: HttpRequest, reauthenticated: bool = False, **_signal: Any) -> None:
    """Whoever showed again that it is them goes on under a new session key: an old, copied one is worth less.

    The person's list of sessions follows.
    """
    if not reauthenticated:
        return
    old = request.session.session_key
    request.session.cycle_key()
    rows = UserSession.objects.filter(session_key=old)
    if not rows.update(session_key=request.session.session_key):
        UserSession.objects.create_from_request(request)


def register() -> None:
    # allauth has no other hook for signing in again.
    authentication_step_completed.connect(
        lambda sender, **signal: renew_key(**signal), weak=False, dispatch_uid="renew_key"
    )
