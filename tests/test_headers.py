"""What every answer carries, on every page of the table of doors: kept and framed nowhere, nothing inline."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.csp import CSP

from accounts.models import User
from tests.doors import ARGUMENTS, ROWS, WHO

PAGES = [
    (name, [who for who, status in zip(WHO, expected, strict=True) if status == "200" and who != "nobody"])
    for method, name, expected in ROWS
    if method == "GET"
]
# The same bytes for everybody, signed in or not: no session is asked, so no cookie goes either way.
PUBLIC = [
    name
    for method, name, expected in ROWS
    if method == "GET" and set(expected) == {"200"} and name.startswith(("home:", "faq:"))
]
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class Inline(HTMLParser):
    """Collects what a browser would run or draw although the policy is to forbid it."""

    def __init__(self, html: str, nonce: str) -> None:
        super().__init__()
        self.nonce = nonce
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "style" or (tag == "script" and not self.may_stand(given)):
            self.found.append(self.get_starttag_text() or tag)
        for name, value in attributes:
            if name == "style" or name.startswith("on") or (value or "").lstrip().startswith("javascript:"):
                self.found.append(f"{tag} {name}={value}")

    def may_stand(self, given: dict[str, str | None]) -> bool:
        """One from a file, data, or the import map of the editors' rich-text field."""
        if "src" in given or given.get("type") == "application/json":
            return True
        return given.get("type") == "importmap" and bool(self.nonce) and given.get("nonce") == self.nonce


@pytest.fixture
def world(shared_world, db):
    return shared_world


@pytest.fixture
def sam(world) -> User:
    """A copy that a test may change."""
    return User.objects.get(pk=world.sam.pk)


def policy_of(response) -> tuple[dict[str, list[str]], str]:
    """The content security policy without its nonce, and the nonce."""
    header = response.headers["Content-Security-Policy"]
    assert "unsafe" not in header
    nonce = re.search(r"'nonce-([^']+)'", header)
    parts = [part.split() for part in re.sub(r" 'nonce-[^']+'", "", header).split("; ")]
    return {part[0]: part[1:] for part in parts}, nonce[1] if nonce else ""


def assert_guarded(response, settings) -> None:
    for header, value in EVERYWHERE.items():
        assert response.headers[header] == value, header
    policy, nonce = policy_of(response)
    wanted = {
        name: [str(source) for source in sources if source != CSP.NONCE]
        for name, sources in settings.SECURE_CSP.items()
    }
    if response.headers["Content-Type"] == "image/webp":  # no page: it may do nothing at all
        wanted = {"sandbox": [], "default-src": ["'none'"]}
    assert policy == wanted
    if response.headers["Content-Type"].startswith("text/html"):
        assert Inline(response.content.decode(), nonce).found == []
    for cookie in response.cookies.values():
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), cookie.key


def assert_kept_nowhere(response) -> None:
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert {"Cookie", "HX-Request"} <= set(response.headers["Vary"].split(", "))


@pytest.mark.parametrize(("name", "readers"), PAGES, ids=[name for name, _readers in PAGES])
def test_every_page_of_a_signed_in_person(world, client_of, settings, name, readers):
    path = reverse(name, args=ARGUMENTS.get(name, lambda _world: [])(world))
    for reader in readers:
        response = client_of(getattr(world, reader)).get(path)
        assert response.status_code == 200, reader
        assert_guarded(response, settings)
        if getattr(response.resolver_match.func, "login_required", True):
            assert_kept_nowhere(response)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_sets_no_cookie(world, client, client_of, settings, name):
    path = reverse(name, args=ARGUMENTS.get(name, lambda _world: [])(world))
    for reader in (client, client_of(world.sam)):
        response = reader.get(path)
        assert not response.cookies
        assert_guarded(response, settings)


@pytest.mark.parametrize("path", ["/no/such/page/", "/journal/00000000-0000-4000-8000-000000000000/"])
def test_a_page_that_is_not_there(client_of, sam, settings, path):
    response = client_of(sam).get(path)
    assert response.status_code == 404
    assert_guarded(response, settings)
    assert_kept_nowhere(response)


def test_a_form_without_its_token(sam, settings):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(sam)
    response = browser.post("/me/", {"chosen_name": "Sam"})
    assert response.status_code == 403
    assert_guarded(response, settings)


def test_what_went_wrong_shows_nothing(client, settings, monkeypatch):
    monkeypatch.setattr("recovery_site.home.views.public.render", None)
    client.raise_request_exception = False
    response = client.get("/about/")
    assert response.status_code == 500
    assert_guarded(response, settings)
    assert "render" not in response.content.decode()


def test_signing_in_sets_two_cookies_that_scripts_cannot_read(client, settings, sam, db):
    response = client.get(reverse("account_login"))
    assert_guarded(response, settings)
    assert "no-store" in response.headers["Cache-Control"]
    assert set(response.cookies) == {"csrftoken"}


def test_in_production_a_cookie_belongs_to_this_host_and_to_https(settings, sam):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    sam.set_password("maple kettle harbor seven")
    sam.save()
    browser = Client()
    page = browser.get(reverse("account_login"), secure=True)
    answers = {"login": "sam", "password": "maple kettle harbor seven", "shared_device": "on"}
    response = browser.post(reverse("account_login"), answers, secure=True)
    cookies = page.cookies | response.cookies
    assert {"__Host-session", "__Host-csrf", "__Host-shared"} <= set(cookies)
    for name, cookie in cookies.items():
        assert name.startswith("__Host-")
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert cookies["__Host-session"]["max-age"] == ""  # it goes with the browser (A4)


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>",
        "<style></style>",
        '<p style="color: red">',
        '<a onclick="x()">',
        '<a href="javascript:x()">',
        '<script type="importmap">{}</script>',
        '<script type="importmap" nonce="other">{}</script>',
    ],
)
def test_the_sweep_would_find(html):
    assert Inline(html, nonce="right").found
