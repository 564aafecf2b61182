"""In which language the product speaks to somebody.

A client chooses, and pages, mails and what they take with them follow. Staff read English. Before anybody has
signed in, a page speaks as this session chose, or else as the browser asks. Public pages are the same bytes
for everybody, so they speak one language (F1).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.models import User

CHOSEN = "language"  # in the session, for whoever has not chosen for good; signing out ends it
# Where a page that asks for no sign-in is made for one person: the ways in, and the last page of all.
WAYS_IN, LAST = ("", "accounts"), "home:gone"
NAMES = dict(settings.LANGUAGES)


class LanguageMiddleware:
    """Stands behind the one that knows who is there, and before those that may refuse."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            response = self.get_response(request)
            spoken = translation.get_language()
        if spoken != settings.LANGUAGE_CODE and response.streaming:
            response.streaming_content = said_in(spoken, response.streaming_content)  # type: ignore[attr-defined]
        if getattr(request, "asked_browser", False):
            patch_vary_headers(response, ["Accept-Language"])
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        speak(request)


def speak(request: HttpRequest) -> None:
    """Until the end of this request."""
    if is_personal(request):
        translation.activate(of(request))


def is_personal(request: HttpRequest) -> bool:
    """Whether the page is made for whoever asks. An address that is none is, for whoever has a session."""
    match = request.resolver_match
    if match is None:
        return settings.SESSION_COOKIE_NAME in request.COOKIES
    speaks_to_one = match.namespace in WAYS_IN or match.view_name == LAST
    return getattr(match.func, "login_required", True) or speaks_to_one


def of(request: HttpRequest) -> str:
    """Of a personal page."""
    person = signed_in(request)
    if person and (person.language or not person.is_client):
        return person.speaks
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    chosen = request.session.get(CHOSEN) if has_session else request.GET.get(CHOSEN)
    if chosen in NAMES:
        return str(chosen)
    if person:
        return person.speaks  # as their mails do
    request.asked_browser = True  # type: ignore[attr-defined]  # for the headers of the answer
    return translation.get_language_from_request(request)


def signed_in(request: HttpRequest) -> User | None:
    """Asks nothing of a browser that holds no session: most pages for nobody in particular touch none."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = getattr(request, "user", None)
    return cast("User", user) if user is not None and user.is_authenticated else None


def other(request: HttpRequest) -> tuple[str, str] | None:
    """The language that a personal page offers in its place, with its own name; None where there is none."""
    if not is_personal(request):
        return None  # nor is it asked who is there
    person = signed_in(request)
    if person and not person.is_client:
        return None
    return next((item for item in NAMES.items() if item[0] != translation.get_language()), None)


def choose(request: HttpRequest, language: str) -> None:
    """For good where a client is signed in, or else for this session."""
    person = signed_in(request)
    if person and person.is_client:
        User.objects.filter(pk=person.pk).update(language=language)
    else:
        request.session[CHOSEN] = language


def said_in(language: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What is written while it is sent is written after the request; other requests speak meanwhile."""
    going = iter(pieces)
    while True:
        with translation.override(language):
            piece = next(going, None)
        if piece is None:
            return
        yield piece
