"""A browser tells what our policy kept from it; the log says where, and nothing of what was sent."""

import json

import pytest
from django.test import Client

from recovery_site.home.views import policy


@pytest.fixture
def told(caplog):
    policy.written.clear()

    def tell(sent: object) -> list[str]:
        body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        answer = Client().post("/csp-report/", body, content_type="application/csp-report")
        assert (answer.status_code, answer.content, answer.cookies) == (204, b"", {})
        return [record.getMessage() for record in caplog.records if record.name == "stillwater.policy"]

    return tell


def report(rule: str, address: str) -> dict[str, object]:
    refused = {"blocked-uri": "https://private.example/", "script-sample": "private", "referrer": "private"}
    return {"csp-report": {"effective-directive": rule, "document-uri": address, **refused}}


@pytest.mark.parametrize(
    ("rule", "address", "line"),
    [
        ("script-src-elem", "https://house.example/me/?q=private", "script-src-elem refused something on "),
        ("private", "https://house.example/me/", "other refused something on "),
        ("img-src", "https://house.example/private/", "img-src refused something on none"),
        ("img-src", "about", "img-src refused something on none"),
    ],
)
def test_a_report_is_one_line_without_a_word_of_what_was_sent(told, db, rule, address, line):
    route = "accounts:profile" if "/me/" in address else ""
    assert told(report(rule, address)) == [line + route]


@pytest.mark.parametrize(
    "sent",
    [
        *(b"", b"{", b"\xff", b"[" * 10_000, b" " * 17_000 + b"{}"),
        *([], {}, {"csp-report": []}, report(7, "/me/"), report("img-src", 7), report("img-src", "//[")),
    ],
    ids=str,
)
def test_what_is_no_report_is_taken_without_a_word(told, db, sent):
    assert told(sent) == []


def test_whoever_sends_thousands_fills_no_log(told, db, monkeypatch):
    monkeypatch.setattr(policy.time, "monotonic", lambda: 100.0)
    for _each in range(15):
        lines = told(report("img-src", "/me/"))
    assert len(lines) == 10
    monkeypatch.setattr(policy.time, "monotonic", lambda: 160.0)
    assert len(told(report("img-src", "/me/"))) == 11


def test_the_policy_names_the_address_that_takes_reports(client, db):
    assert "report-uri /csp-report/" in client.get("/about/").headers["Content-Security-Policy"]
