"""What the log says of a request: its route by name, never what the address or the person said."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery.signals import task_postrun, task_prerun
from django.conf import settings as the_settings
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from recovery_site.logs import JsonLine, Redact, current, logging_settings

NAME = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.fixture
def broken(monkeypatch) -> Client:
    monkeypatch.setattr("recovery_site.home.views.public.render", None)
    return Client(raise_request_exception=False)


@pytest.fixture
def lines(settings, caplog):
    """Parsed, as a machine reads them."""
    settings.LOG_REQUESTS = True
    caplog.set_level(logging.INFO)

    def read() -> list[dict[str, object]]:
        records = [record for record in caplog.records if record.name == "stillwater.requests"]
        return [json.loads(JsonLine().format(record)) for record in records if Redact().filter(record)]

    return read


def test_a_page_that_broke_tells_a_name_by_which_it_is_found(broken):
    answer = broken.get("/about/")
    name = answer.headers["X-Request-ID"]
    assert len(name) == 32
    assert f"this helps to find it: {name}" in answer.text
    assert name != broken.get("/about/").headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("given", "proxies", "is_taken"),
    [(NAME, 1, True), (NAME, 0, False), ("<script>", 1, False), ("a" * 65, 1, False), ("", 1, False)],
)
def test_a_proxys_name_is_taken_where_it_can_be_nothing_else(settings, broken, given, proxies, is_taken):
    settings.TRUSTED_PROXIES = proxies
    answer = broken.get("/about/", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is is_taken


def test_a_page_that_came_has_no_name_that_a_cache_could_keep(client, db):
    assert "X-Request-ID" not in client.get("/about/").headers


def test_a_line_names_the_route_and_the_person_by_number(lines, client_of, sam):
    client_of(sam).get(reverse("groups:session_detail", args=[NAME]), {"q": "private"})
    (line,) = lines()
    line.pop("asctime"), line.pop("milliseconds")
    assert line == {
        "levelname": "INFO",
        "name": "stillwater.requests",
        "message": "GET groups:session_detail 404",
        "route": "groups:session_detail",
        "method": "GET",
        "status": 404,
        "person": str(sam.pk),
    }


def test_an_address_that_is_none_of_ours_is_not_quoted(lines, client, db):
    client.get("/private-words/")
    assert [line["message"] for line in lines()] == ["GET none 404"]


def test_a_stranger_invents_no_method(lines, client, db):
    client.generic("PRIVATE", "/about/")
    assert lines()[0]["method"] == "other"


@pytest.mark.parametrize("broken_page", ["/journal/private/", "/calendar/private.ics", "/pri\0vate/"])
def test_what_django_says_of_a_request_does_not_quote_its_address(client, db, caplog, broken_page):
    client.get(broken_page)
    told = [record.getMessage() for record in caplog.records if Redact().filter(record)]
    assert told
    assert not any("vate" in line for line in told)


def test_a_form_without_its_token_is_said_of_its_route(client_of, sam, caplog):
    client = client_of(sam)
    client.handler.enforce_csrf_checks = True
    client.post(reverse("groups:booking", args=[NAME]))
    (line,) = [record for record in caplog.records if record.name == "django.security.csrf"]
    assert Redact().filter(line)
    assert line.getMessage() == "Forbidden (CSRF cookie not set.): groups:booking"


def test_an_open_page_asks_of_nobody_who_reads(lines, client_of, sam, django_assert_num_queries):
    client = client_of(sam)
    with django_assert_num_queries(0):
        client.get("/about/")
    assert "person" not in lines()[0]


def test_a_json_line_says_where_and_not_what():
    words = "private"
    try:
        raise ValueError(words)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Oh %s", ("é",), sys.exc_info())
    record.words, record.request = "private", "private"
    token = current.set("name")
    assert Redact().filter(record)
    current.reset(token)
    line = json.loads(JsonLine().format(record))
    assert line.keys() == {"asctime", "levelname", "name", "message", "request", "exc_info"}
    assert (line["message"], line["request"]) == ("Oh é", "name")
    assert line["exc_info"].endswith("builtins.ValueError")
    assert "private" not in str(line)


def test_an_error_that_a_message_names_is_not_quoted():
    record = logging.LogRecord(
        "x", logging.ERROR, "", 0, "%s raised: %r", ("beat", ValueError("private")), None
    )
    assert Redact().filter(record)
    assert record.getMessage() == "beat raised: 'ValueError'"


def test_a_part_that_is_silent_is_told_in_one_line(client, db, caplog):
    assert client.get("/health/").status_code == 503
    lines = [record for record in caplog.records if record.name == "health_check" and Redact().filter(record)]
    assert [(line.getMessage(), line.exc_info) for line in lines] == [("Health check Engine() failed", None)]


def test_a_line_that_cannot_be_written_quotes_no_error_instead(capsys):
    words = "private"
    with Path(os.devnull).open() as nowhere:  # for reading
        try:
            raise ValueError(words)
        except ValueError:
            record = logging.LogRecord("x", logging.ERROR, "", 0, "Oh", (), sys.exc_info())
            logging.StreamHandler(nowhere).handle(record)
    assert capsys.readouterr().err == ""


def test_a_refused_form_does_not_tell_where_it_came_from(client_of, sam, caplog):
    client = client_of(sam)
    client.handler.enforce_csrf_checks = True
    from_elsewhere = {"referer": "https://elsewhere.example/private?private"}
    client.cookies["csrftoken"] = "x" * 32
    client.post(reverse("groups:booking", args=[NAME]), headers=from_elsewhere, secure=True)
    (line,) = [record for record in caplog.records if record.name == "django.security.csrf"]
    assert Redact().filter(line)
    assert line.getMessage() == (
        "Forbidden (Referer checking failed - … does not match any trusted origins.): groups:booking"
    )


def test_a_download_that_breaks_on_its_way_out_is_told_by_our_own_log(client_of, sam, caplog, monkeypatch):
    """The server's would quote the error."""
    words = "private"

    def pieces():
        yield b"PK"
        raise ValueError(words)

    monkeypatch.setattr("recovery_site.home.views.public.render", lambda *_: StreamingHttpResponse(pieces()))
    answer = client_of(sam).get("/about/")
    with pytest.raises(ConnectionAbortedError) as broke:
        answer.getvalue()
    assert (str(broke.value), broke.value.__suppress_context__) == ("", True)
    (line,) = [record for record in caplog.records if record.name == "stillwater.requests"]
    told = json.loads(JsonLine().format(line))
    assert (told["levelname"], told["message"]) == ("ERROR", "broke on its way out")
    assert "private" not in str(told)


def test_the_digests_of_the_record_are_told_though_the_worker_is_to_be_quiet():
    """Celery raises the level of the root. Passkeys and devices stand in lines that nobody needs (J1)."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django, logging; django.setup()\n"
            "from recovery_site.celery import app; app.log.setup(loglevel='WARNING')\n"
            "levels = {name: logging.getLogger(name).getEffectiveLevel() for name in"
            " ('', 'accounts.models.seal', 'fido2', 'urllib3')}; print(levels)",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert eval(told) == {"": 30, "accounts.models.seal": 20, "fido2": 30, "urllib3": 20}  # noqa: S307


def test_lines_of_a_task_carry_its_name():
    task_prerun.send(sender=None, task_id=NAME)
    assert current.get() == NAME
    task_postrun.send(sender=None, task_id=NAME)
    assert current.get() == ""


def test_machines_read_production_and_people_the_rest():
    assert logging_settings("INFO", as_json=True)["loggers"]["django.request"]["level"] == "ERROR"
    assert logging_settings("INFO", as_json=True)["handlers"]["console"]["formatter"] == "json"
    assert the_settings.LOGGING["handlers"]["console"]["formatter"] == "line"
