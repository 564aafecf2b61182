"""A report of an error says where it broke, and nothing that somebody wrote."""

import json
import logging

import pytest
import sentry_sdk
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client
from sentry_sdk.transport import Transport

from checkins import tasks
from recovery_site import reports

PRIVATE = "the-orchard-behind-the-house"


class Kept(Transport):
    sent: list[bytes] = []

    def capture_envelope(self, envelope) -> None:
        self.sent.append(envelope.serialize())


@pytest.fixture
def sent(settings):
    settings.SENTRY_DSN = "https://key@reports.example/1"
    Kept.sent.clear()
    reports.begin(transport=Kept)
    yield Kept.sent
    sentry_sdk.get_client().close()
    sentry_sdk.init()


def breaks(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Says a private word in each place that a report could take it from."""
    logging.getLogger("stillwater").error("He wrote %s", PRIVATE)
    words = {"text": PRIVATE}
    Template("{{ text }}").render(Context(words))
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [PRIVATE])
    sentry_sdk.set_tag("words", PRIVATE)
    try:
        raise KeyError(PRIVATE)
    except KeyError as error:
        error.add_note(PRIVATE)
        raise ValueError(f"{PRIVATE} is not a mood") from error


def test_a_view_that_fails_is_reported_without_a_private_word(sent, sam, monkeypatch):
    monkeypatch.setattr("recovery_site.home.views.public.render", breaks)
    client = Client(raise_request_exception=False, headers={"User-Agent": PRIVATE})
    client.force_login(sam)
    client.cookies["words"] = PRIVATE
    answer = client.get(f"/about/?q={PRIVATE}", headers={"X-Words": PRIVATE})
    assert answer.status_code == 500
    (report,) = sent
    told = report.decode()
    for private in (PRIVATE, str(sam.pk), "Sam", client.session.session_key, "User-Agent", "SELECT"):
        assert private not in told
    event = json.loads(told.splitlines()[2])
    assert set(event) <= {*reports.KEPT, "exception", "tags"}
    assert [error["type"] for error in event["exception"]["values"]] == ["KeyError", "ValueError"]
    assert event["tags"] == {"request": answer.headers["X-Request-ID"]}
    assert event["exception"]["values"][1]["stacktrace"]["frames"][-1]["function"] == "breaks"


def test_a_task_that_fails_is_reported_without_a_private_word(sent, monkeypatch):
    def fails() -> None:
        words = PRIVATE  # noqa: F841 - a local variable is one of the places
        raise ValueError(PRIVATE)

    monkeypatch.setattr(tasks.plan_reminders, "run", fails)
    tasks.plan_reminders.apply(kwargs={}, headers={"words": PRIVATE})
    (report,) = sent
    assert PRIVATE not in report.decode()
    assert b'"ValueError"' in report


def test_without_an_address_nothing_is_begun(settings, monkeypatch):
    settings.SENTRY_DSN = ""
    monkeypatch.setattr(sentry_sdk, "init", None)
    reports.begin()
