"""A draft, a shared page or an answer that does not open says so, and spoils nothing else (J1, test 12)."""

import logging
from datetime import date
from uuid import uuid4

import pytest
from django.core import serializers
from django.utils import timezone

from accounts.models import DataKey
from accounts.vault import Unreadable
from journal.models import Draft, Page, Reply, SharedCopy
from tests.journal.conftest import shared

OWN, OTHER = "heron by the weir", "swallow in the barn"


def altered(row, other, foreign):
    sealed = bytearray(row.text_sealed)
    sealed[-20] ^= 1
    put(row, text_sealed=bytes(sealed))


def cut(row, other, foreign):
    put(row, text_sealed=bytes(row.text_sealed)[:-20])


def emptied(row, other, foreign):
    put(row, text_sealed=b"")


def swapped(row, other, foreign):
    """With another of the same person, and the same field and revision."""
    put(row, text_sealed=bytes(other.text_sealed))


def of_another(row, other, foreign):
    """What somebody else sealed with their own key."""
    put(row, text_sealed=bytes(foreign))


HARMS = [altered, cut, emptied, swapped, of_another]


def put(row, **columns):
    type(row).objects.filter(pk=row.pk).update(**columns)


@pytest.fixture
def foreign(write, noor):
    return write(noor, "Hers.").text_sealed


@pytest.fixture
def told(caplog):
    """What the log says, at its most talkative."""
    caplog.set_level(logging.DEBUG)
    yield caplog
    assert OWN not in caplog.text
    assert OTHER not in caplog.text


@pytest.mark.parametrize("harm", HARMS)
def test_j1_a_draft_that_does_not_open_says_so_and_spoils_no_other(sam, client_of, foreign, told, harm):
    form = {"by": sam, "seen": 0, "on": date(2026, 11, 24), "now": timezone.now()}
    drafts = [
        Draft.objects.keep(client_token=uuid4(), page=Page(words, words), **form) for words in (OWN, OTHER)
    ]
    harm(drafts[0], drafts[1], foreign)
    with pytest.raises(Unreadable):
        Draft.objects.get(pk=drafts[0].pk).opened(by=sam)
    browser = client_of(sam)
    listed = browser.get("/journal/")
    assert (listed.status_code, OTHER in listed.text, OWN in listed.text) == (200, True, False)
    assert listed.text.count("These words cannot be opened right now.") == 1
    assert f"text of journal.draft {drafts[0].pk} does not open" in told.text
    assert OTHER in browser.get(f"/journal/new/?draft={drafts[1].pk}").text
    lost = browser.get(f"/journal/new/?draft={drafts[0].pk}")
    assert (lost.status_code < 500 or "cannot be opened" in lost.text, OWN in lost.text) == (True, False)
    assert browser.post(f"/journal/drafts/{drafts[0].pk}/deletion/").status_code == 303


@pytest.mark.parametrize("harm", HARMS)
def test_j1_a_shared_page_that_does_not_open_says_so_and_spoils_no_other(
    sam, ana, client_of, write, foreign, told, harm
):
    entries = [write(sam, words, title=words) for words in (OWN, OTHER)]
    shares = [shared(entry, ana) for entry in entries]
    harm(SharedCopy.objects.get(share=shares[0]), SharedCopy.objects.get(share=shares[1]), foreign)
    reader = client_of(ana)
    answer = reader.get(f"/journal/shared/{shares[0].pk}/")
    assert "This page cannot be opened right now" in answer.text
    assert OWN not in answer.text
    assert f"journal.shared_copy {shares[0].pk} does not open" in told.text
    assert OTHER in reader.get(f"/journal/shared/{shares[1].pk}/").text
    assert reader.get("/journal/shared/").status_code == 200
    own = client_of(sam).get(f"/journal/{entries[0].pk}/")
    assert (own.status_code, OWN in own.text) == (200, True)


@pytest.mark.parametrize("harm", HARMS)
def test_j1_an_answer_that_does_not_open_says_so_and_spoils_no_other(
    sam, ana, client_of, write, foreign, told, harm
):
    entry = write(sam, "A page.")
    share = shared(entry, ana)
    lost, whole = [
        share.answer(words, by=ana, client_token=uuid4(), now=timezone.now())[0] for words in (OWN, OTHER)
    ]
    harm(lost, whole, foreign)
    for person, page in ((ana, f"/journal/shared/{share.pk}/"), (sam, f"/journal/{entry.pk}/")):
        told.clear()
        answer = client_of(person).get(page)
        assert (answer.status_code, OTHER in answer.text, OWN in answer.text) == (200, True, False)
        assert answer.text.count("This answer cannot be opened right now.") == 1
        assert "A page." in answer.text
        assert f"journal.reply {lost.pk} does not open" in told.text
    assert Reply.objects.get(pk=lost.pk).opened(by=ana) is None


def test_j1_with_a_broken_key_every_page_of_its_owner_says_so_and_no_other_is_touched(
    sam, noor, ana, client_of, write, told
):
    share, hers = shared(write(sam, OWN, title=OWN), ana), write(noor, "Hers.", title="Her title")
    share.answer(OWN, by=ana, client_token=uuid4(), now=timezone.now())
    DataKey.objects.filter(owner=sam).update(wrapped=b"x" * 60)
    reader = client_of(ana).get(f"/journal/shared/{share.pk}/").text
    assert "This page cannot be opened right now" in reader
    assert "This answer cannot be opened right now" in reader
    assert "This title cannot be opened right now" in client_of(sam).get("/journal/").text
    assert "Hers." in client_of(noor).get(f"/journal/{hers.pk}/").text


@pytest.mark.parametrize("name", ["Draft", "SharedCopy", "Reply"])
def test_row_10_a_row_shows_bytes_wherever_it_is_printed_or_dumped(sam, ana, write, name):
    form = {"by": sam, "seen": 0, "on": date(2026, 11, 24), "now": timezone.now()}
    Draft.objects.keep(client_token=uuid4(), page=Page(OWN, OWN), **form)
    share = shared(write(sam, OWN, title=OWN), ana)
    share.answer(OWN, by=ana, client_token=uuid4(), now=timezone.now())
    model = {"Draft": Draft, "SharedCopy": SharedCopy, "Reply": Reply}[name]
    rows = model._default_manager.all()
    shown = [repr(rows), str(rows[0]), repr(vars(rows[0])), repr(list(rows.values()))]
    shown.append(serializers.serialize("json", rows))
    shown.append(repr(Page(OWN, OWN)))
    assert [text for text in shown if OWN in text] == []
