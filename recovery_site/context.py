"""What every page gets: the site's name and the person's way around."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import language
from accounts.models import User
from accounts.roles import Role
from accounts.sign_in import session_limits
from recovery_site.home import known_lines
from recovery_site.middleware import page_of

Item = tuple[str, str | Promise, str]

NAVIGATION: dict[str | None, list[Item]] = {
    None: [
        ("faq:article_list", _("Articles"), "book-open"),
        ("faq:question_list", _("Questions"), "message-circle-question-mark"),
        ("home:families", _("For families"), "house"),
        ("home:about", _("About"), "sprout"),
        # Public pages are the same bytes for everybody, so this cannot say "sign in".
        ("home:today", _("Your page"), "log-in"),
    ],
    Role.CLIENT: [
        ("home:today", _("Today"), "sun"),
        ("groups:group_list", _("Groups"), "users"),
        ("checkins:check_in", _("Check-in"), "heart"),
        ("journal:entry_list", _("Journal"), "notebook-pen"),
        ("faq:article_list", _("Read"), "book-open"),
    ],
    "alum": [
        ("home:today", _("Today"), "sun"),
        ("journal:entry_list", _("Journal"), "notebook-pen"),
        ("faq:article_list", _("Read"), "book-open"),
    ],
    Role.CLINICIAN: [
        ("home:today", _("Today"), "sun"),
        ("groups:schedule", _("Schedule"), "calendar-days"),
        ("home:people", _("People"), "users"),
        ("groups:group_manage", _("Groups"), "messages-square"),
    ],
    Role.EDITOR: [
        ("home:today", _("Today"), "sun"),
        ("faq:library", _("Library"), "pencil-line"),
        ("faq:article_list", _("Read"), "book-open"),
    ],
    Role.MANAGER: [
        ("home:today", _("Today"), "sun"),
        ("groups:schedule", _("Schedule"), "calendar-days"),
        ("home:people", _("People"), "users"),
        ("groups:group_manage", _("Groups"), "messages-square"),
        ("faq:library", _("Library"), "pencil-line"),
    ],
}


# Pages whose address does not begin with that of the way they lie behind.
BEHIND = {
    "groups:group_list": ("/groups/", "/sessions/", "/schedule/week/"),
    "groups:group_manage": ("/groups/", "/rooms/"),
    "groups:schedule": ("/series/", "/sessions/", "/holidays/", "/leaves/"),
}

address = cache(reverse)


@dataclass(frozen=True, eq=False)
class Way:
    """One way on from a page. `current` tells that the page lies behind it."""

    label: str | Promise
    url: str
    icon: str
    current: bool


def site(request: HttpRequest) -> dict[str, Any]:
    """`person` is None on public pages, which touch no session; a 404 knows who asks."""
    match = request.resolver_match
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    private = has_session and (match is None or getattr(match.func, "login_required", True))
    # A request that was refused before it was known whose it is has no user.
    user = getattr(request, "user", None) if private else None
    person = user if user is not None and user.is_authenticated else None
    return {
        **({} if person is None else session_facts(request, person)),
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "is_open": getattr(request, "is_open", False),
        "neutral_url": settings.NEUTRAL_URL,
        "person": person,
        "other_language": language.other(request),
        "nav": navigation(None if person is None else person.audience, request.path),
        "help_url": address("home:help"),
        "help_lines": known_lines.first,  # called where a page shows them (H1)
        "house": known_lines.house,
        "leave_url": address("home:leave"),
        "privacy_url": address(f"home:privacy{'_in_spanish' if get_language() == 'es' else ''}"),
    }


def session_facts(request: HttpRequest, person: User) -> dict[str, Any]:
    """How long this page may stay on the screen, and where it goes then (A4)."""
    return {
        "seconds_left": math.ceil(session_limits.seconds_left(request.session, person)),
        "ended_url": session_limits.sign_in_address(request, page_of(request)),
        "shared_device": request.session.get(session_limits.SHARED),
    }


def navigation(audience: str | None, path: str) -> tuple[Way, ...]:
    places = (name for name, _label, _icon in NAVIGATION[audience])
    here = (name for name in places if path.startswith((address(name), *BEHIND.get(name, ()))))
    return ways(audience, next(here, None))


@cache
def ways(audience: str | None, here: str | None) -> tuple[Way, ...]:
    return tuple(Way(label, address(name), icon, name == here) for name, label, icon in NAVIGATION[audience])
