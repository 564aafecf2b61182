import logging
import sys

import pytest

from recovery_site.logs import Line, Redact


@pytest.mark.parametrize(
    "path", ["/journal/%00/", "/search/?q=%00", "/search/?q=a%00b", "/accounts/login/?next=%00"]
)
def test_nul_in_an_address_is_refused_on_every_database(client, db, path):
    assert client.get(path).status_code == 400


def test_a_signed_in_page_is_kept_in_no_store(client_of, sam):
    response = client_of(sam).get("/me/")
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["Vary"] == "Cookie, HX-Request"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_whoever_is_not_signed_in_is_asked_to(client, db):
    response = client.get("/me/?tab=1")
    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/me/%3Ftab%3D1")


def test_a_fragment_is_told_to_send_the_whole_page_to_sign_in(client, db):
    response = client.get("/me/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/accounts/login/?next=/me/"
    assert response.content == b""


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/no/such/page/", "/me/"])
def test_the_content_security_policy_is_on_every_answer(client, db, path):
    policy = client.get(path).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("Not Found: /invitations/s3cret/", "Not Found: /invitations/…/"),
        ("Bad Request: /feedback/s3cret/", "Bad Request: /feedback/…/"),
        ("Not Found: /calendar/s3cret.ics", "Not Found: /calendar/…"),
        ("GET /accounts/password/reset/key/1-s3cret/ 200", "GET /accounts/password/reset/key/…/ 200"),
        ('"GET /search/?q=s3cret HTTP/1.1" 200', '"GET /search/ HTTP/1.1" 200'),
    ],
)
def test_no_secret_of_an_address_reaches_the_log(message, written):
    record = logging.makeLogRecord({"msg": "%s", "args": (message,)})
    assert Redact().filter(record)
    assert record.getMessage() == written


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("sam", ["Today", "Groups", "Check-in", "Journal", "Read"]),
        ("ana", ["Today", "Schedule", "People", "Groups"]),
        ("eli", ["Today", "Library", "Read"]),
        ("mara", ["Today", "Schedule", "People", "Groups", "Library"]),
    ],
)
def test_each_role_finds_its_own_way_around(client_of, cast, name, labels):
    response = client_of(cast[name]).get("/me/")
    assert [way.label for way in response.context["nav"]] == labels
    assert response.context["person"] == cast[name]


@pytest.mark.parametrize(
    "path", ["/about/", "/privacy/", "/families/", "/help/", "/articles/", "/questions/"]
)
def test_a_public_page_is_the_same_for_everybody(client, client_of, sam, path):
    for_sam, for_nobody = client_of(sam).get(path), client.get(path)
    assert for_sam.content == for_nobody.content
    assert "Cookie" not in for_sam.headers.get("Vary", "")
    assert not for_sam.cookies


def test_an_exception_is_logged_by_name_and_place_not_by_its_text():
    quoted = "Key (email)=({}) already exists".format("sam@people.example")
    try:
        raise ValueError(quoted)
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Oh", None, sys.exc_info())
    written = Line("{message}", style="{").format(record)
    assert written.endswith("builtins.ValueError")
    assert "test_middleware.py" in written
    assert "sam@" not in written


def test_a_failed_task_is_logged_by_its_name_alone():
    data = {"name": "t", "exc": "secret"}
    failed = {"msg": "Task %(name)s: %(exc)s", "args": data, "data": data}
    failed["exc_info"] = (ValueError, ValueError("secret"), None)
    record = logging.makeLogRecord({"name": "celery.app.trace", **failed})
    Redact().filter(record)
    assert record.getMessage() == "Task t"


def test_nul_in_a_cookie_is_refused_on_every_database(client, db):
    forged = {"Cookie": 'sessionid="a\\000b"'}  # newer cookies of Python hold no NUL, but they still read one
    assert client.get("/today/", headers=forged).status_code == 400


def test_a_foreign_host_with_a_session_cookie_is_refused_not_failed(client, db):
    client.cookies["sessionid"] = "a" * 32
    assert client.get("/today/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "onward"),
    [
        ({"Referer": "http://testserver/groups/?a=1"}, "/groups/"),
        ({"Referer": "http://evil.example/groups/"}, "/today/"),
        ({}, "/today/"),
        ({"HX-Request": "true", "HX-Current-URL": "http://testserver/journal/new/"}, "/journal/new/"),
    ],
)
def test_a_form_that_met_an_ended_session_leads_back_to_its_page(client, db, headers, onward):
    response = client.post("/check-in/not-today/", headers=headers)
    address = response.headers.get("HX-Redirect") or response.url
    assert address == f"/accounts/login/?next={onward}"


def test_what_a_page_says_once_travels_in_no_cookie(client_of, sam):
    browser = client_of(sam)
    browser.post("/me/", {"chosen_name": "Sam", "pronouns": "", "time_zone": ""})
    assert set(browser.cookies) <= {"sessionid", "csrftoken"}
    assert "Kept." in browser.get("/me/").content.decode()
