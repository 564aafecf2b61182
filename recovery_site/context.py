"""What every page gets: the site's name and the person's way around."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role

Item = tuple[str, str | Promise, str]

PUBLIC: list[Item] = [
    ("faq:article_list", _("Articles"), "book-open"),
    ("faq:question_list", _("Questions"), "message-circle-question-mark"),
    ("home:families", _("For families"), "house"),
    ("home:about", _("About"), "sprout"),
    # Public pages are the same bytes for everybody, so this cannot say "sign in".
    ("home:today", _("Your page"), "log-in"),
]
NAVIGATION: dict[str, list[Item]] = {
    Role.CLIENT: [
        ("home:today", _("Today"), "sun"),
        ("groups:group_list", _("Groups"), "users"),
        ("checkins:check_in", _("Check-in"), "heart"),
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


def site(request: HttpRequest) -> dict[str, Any]:
    """`person` is None on public pages, which touch no session; a 404 knows who asks."""
    match = request.resolver_match
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    private = has_session and (match is None or getattr(match.func, "login_required", True))
    # A request that was refused before it was known whose it is has no user.
    user = getattr(request, "user", None) if private else None
    person = user if user is not None and user.is_authenticated else None
    return {
        "site_name": settings.SITE_NAME,
        "neutral_url": settings.NEUTRAL_URL,
        "person": person,
        "nav": navigation(PUBLIC if person is None else NAVIGATION[person.role], request.path),
        "help_url": reverse("home:help"),
        "leave_url": reverse("home:leave"),
    }


def navigation(items: list[Item], path: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": url, "icon": icon, "current": path.startswith(url)}
        for name, label, icon in items
        for url in [reverse(name)]
    ]
