"""Words of the journal that come when their writer is signed out stand on the writing page again (J4)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import unsent
from accounts.models import Unsent, User
from journal.models import Draft, Entry, Page

WORDS = "The heron stood in the reeds.\r\n\r\nThen it was dark."

pytestmark = pytest.mark.usefixtures("frozen")


def token(person) -> str:
    return unsent.token_of(person, "journal:entry_create", "journal:entry_edit", "journal:draft_save")


def next_of(response) -> str:
    return parse_qs(urlsplit(response.url).query)["next"][0]


def test_j4_a_new_page_sent_signed_out_is_a_draft_and_is_kept_from_there(sam, client_of, sheet):
    form = sheet(title="By the pond", text=WORDS, writer=token(sam))
    response = Client().post("/journal/new/", form)
    draft = Draft.objects.get()
    assert next_of(response) == f"/journal/new/?draft={draft.pk}"
    assert not Unsent.objects.exists()
    assert not Entry.objects.exists()
    assert not any("heron" in str(row.get_decoded()) for row in Session.objects.all())
    browser = client_of(sam)
    page = browser.get(next_of(response))
    form = page.context["form"]
    assert "The heron stood in the reeds." in page.content.decode()
    fields = {name: form[name].value() for name in form.fields}
    assert browser.post("/journal/new/", fields).status_code == 303
    kept = Entry.objects.get().opened(by=sam)
    assert (kept.title, kept.text.split()) == ("By the pond", WORDS.split())
    assert not Draft.objects.exists()


def test_j4_a_changed_page_sent_signed_out_leads_back_to_that_page(sam, client_of, write, edit_sheet):
    entry = write(sam, text="Before.")
    form = edit_sheet(entry, text=WORDS, writer=token(sam))
    response = Client().post(f"/journal/{entry.pk}/edit/", form)
    assert next_of(response) == f"/journal/{entry.pk}/edit/?draft={Draft.objects.get().pk}"
    assert "The heron stood" in client_of(sam).get(next_of(response)).content.decode()
    assert Entry.objects.get().opened(by=sam).text == "Before."


def test_j4_a_change_sent_signed_out_just_after_another_was_kept_waits_beside_it(sam, write, edit_sheet):
    entry = write(sam, text="Before.")
    change = {"by": sam, "page": Page("", "The one tab."), "on": entry.written_on}
    entry.edit(revision=1, now=timezone.now(), **change)
    form = edit_sheet(entry, text=WORDS, revision=1, writer=token(sam))
    response = Client().post(f"/journal/{entry.pk}/edit/", form)
    assert next_of(response) == f"/journal/{entry.pk}/edit/?draft={Draft.objects.get().pk}"
    assert Draft.objects.get().opened(by=sam).text.startswith("The heron stood")


def test_j4_a_page_that_grew_old_leads_straight_to_the_words(sam, sheet):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(sam)
    response = browser.post("/journal/new/", sheet(text=WORDS, writer=token(sam)))
    assert (response.status_code, response.url) == (303, f"/journal/new/?draft={Draft.objects.get().pk}")


def test_j4_on_a_shared_device_today_leads_to_the_words_after_signing_in(sam, sheet):
    sam.set_password("a-long-word-for-sam-1")
    sam.save()
    browser = Client()
    browser.cookies["shared"] = "1"
    form = sheet(text=WORDS, writer=token(sam))
    assert browser.post("/journal/new/", form).url == "/accounts/login/?ended=1&kept=1"
    assert browser.post("/journal/new/", form | {"seen": "1"}).url == "/accounts/login/?ended=1&kept=1"
    browser.post("/accounts/login/", {"login": "sam", "password": "a-long-word-for-sam-1"})
    assert "You were signed out while you wrote." in browser.get("/today/").content.decode()
    [row] = Unsent.objects.all()
    assert row.get_absolute_url() in browser.get("/unsent/").content.decode()
    response = browser.get(row.get_absolute_url())
    assert response.url == Draft.objects.get().get_absolute_url()
    assert "The heron stood" in browser.get(response.url).content.decode()
    assert "You were signed out while you wrote." not in browser.get("/today/").content.decode()


def test_j4_nothing_is_made_of_a_form_without_words_or_without_a_good_token(sam, noor, sheet):
    for form in (sheet(text="", writer=token(sam)), sheet(text=WORDS, writer="nonsense")):
        assert "kept" not in Client().post("/journal/new/", form).url
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(noor)
    assert browser.post("/journal/new/", sheet(text=WORDS, writer=token(sam))).status_code == 403
    assert not Draft.objects.exists()
    assert not Unsent.objects.exists()


def test_j4_another_persons_token_brings_no_words_onto_their_page(sam, noor, write, edit_sheet):
    """The page is Sam's; the words are kept for Noor, who wrote them, as a page of her own or not at all."""
    entry = write(sam, text="Before.")
    form = edit_sheet(entry, text=WORDS, writer=token(noor))
    Client().post(f"/journal/{entry.pk}/edit/", form)
    assert not Draft.objects.filter(owner=sam).exists()
    assert not Draft.objects.filter(entry=entry).exists()
    assert Entry.objects.get().opened(by=sam).text == "Before."


def test_j4_whoever_may_not_write_any_more_finds_the_words_all_the_same(sam, client_of, sheet):
    form = sheet(text=WORDS, writer=token(sam))
    User.objects.filter(pk=sam.pk).update(away_since="2026-11-23")
    sam.refresh_from_db()
    response = Client().post("/journal/new/", form)
    assert next_of(response) == Unsent.objects.get().get_absolute_url()
    assert "The heron stood in the reeds." in client_of(sam).get(next_of(response)).content.decode()


def test_j4_words_in_full_length_are_kept(sam, sheet):
    form = sheet(text="й" * 100_000, writer=token(sam))
    Client().post("/journal/new/", form)
    assert len(Draft.objects.get().opened(by=sam).text) == 100_000
