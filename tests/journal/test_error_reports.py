"""What a server reports of itself when a page fails while it has somebody's words (J1, test 9)."""

import sys
from uuid import uuid4

import pytest
from django.core.signals import got_request_exception
from django.views.debug import ExceptionReporter

from accounts.vault import PersonKey
from tests.journal.conftest import shared

WORDS = "heron-at-the-weir"


@pytest.fixture
def reports(settings):
    """The text of each mail that Django would write to the operator."""
    settings.DEBUG = False
    found = []

    def listen(sender, request=None, **_more):
        found.append(ExceptionReporter(request, *sys.exc_info(), is_email=True).get_traceback_text())

    got_request_exception.connect(listen)
    yield found
    got_request_exception.disconnect(listen)


@pytest.fixture
def broken(monkeypatch):
    def fail(self, text, *about):
        raise RuntimeError("broken")

    monkeypatch.setattr(PersonKey, "seal", fail)
    monkeypatch.setattr(PersonKey, "unseal", fail)


def forms(entry, share, sheet, edit_sheet):
    """Each address that takes words of the journal, by its name, with whose form it is."""
    page = {"title": WORDS, "text": WORDS}
    return {
        "new": ("sam", "/journal/new/", sheet(**page)),
        "edit": ("sam", f"/journal/{entry.pk}/edit/", edit_sheet(entry, **page)),
        "draft": ("sam", "/journal/draft/", sheet(seen=0, **page)),
        "search": ("sam", "/journal/search/", {"q": WORDS}),
        "answer": ("ana", f"/journal/shared/{share.pk}/answer/", {"text": WORDS, "client_token": uuid4()}),
    }


@pytest.mark.parametrize("name", ["new", "edit", "draft", "search", "answer"])
def test_j1_an_error_report_holds_no_word_that_was_typed(
    cast, client_of, write, sheet, edit_sheet, reports, monkeypatch, request, caplog, name
):
    entry = write(cast["sam"], "A page.")
    who, address, fields = forms(entry, shared(entry, cast["ana"]), sheet, edit_sheet)[name]
    browser = client_of(cast[who])
    browser.raise_request_exception = False
    request.getfixturevalue("broken")
    answer = browser.post(address, fields)
    assert (answer.status_code, len(reports)) == (500, 1)
    assert "RuntimeError" in reports[0]
    assert address in reports[0]
    assert WORDS not in reports[0]
    assert WORDS not in caplog.text
    assert WORDS not in answer.text
