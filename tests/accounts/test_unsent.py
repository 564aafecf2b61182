"""Nothing typed is lost when its writer was signed out, or the page too old (J4, row 46)."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts import unsent
from accounts.erasure import destroy_key, forget
from accounts.models import Unsent
from accounts.models.unsent import LONGEST, MOST
from accounts.tasks import forget_unsent
from accounts.vault import Unreadable
from checkins.models import CheckIn
from tests import world as worlds
from tests.accounts.test_authority import NOW, at_once
from tests.doors import ARGUMENTS
from tests.test_bad_input import VISITS

WORDS = "A heron <b>stood</b> &amp; waited.\nThen it flew."
ROW = re.compile(r"/unsent/[0-9a-f-]{36}/")
FORM = re.compile(r"<form.*?</form>", re.DOTALL)


@pytest.fixture(autouse=True)
def _frozen(frozen):
    return frozen


def fields(person, **more) -> dict[str, str]:
    return {
        "mood": "2",
        "note": WORDS,
        "day": "2026-11-24",
        "writer": unsent.token_of(person, "checkins:check_in"),
    } | more


def sent_signed_out(person, **more):
    return Client().post("/check-in/", fields(person, **more))


def the_row() -> Unsent:
    return Unsent.objects.get()


def hidden(page: str) -> dict[str, str]:
    """What "Send it now" sends."""
    form = next(form for form in FORM.findall(page) if "Send it now" in form)
    browser = re.findall(r'name="([^"]+)" value="([^"]*)"', form, re.DOTALL)
    return {name: html.unescape(value) for name, value in browser}


def test_j4_what_comes_without_a_session_waits_behind_the_sign_in_page(sam):
    response = sent_signed_out(sam)
    row = the_row()
    assert response.status_code == 302
    assert response.url == f"/accounts/login/?ended=1&kept=1&next=/unsent/{row.pk}/"
    assert row.owner == sam
    assert row.path == "/check-in/"
    assert dict(row.opened(by=sam)) == {"mood": ["2"], "note": [WORDS], "day": ["2026-11-24"]}
    assert not CheckIn.objects.exists()


def test_j4_it_is_sealed_and_in_no_session_log_or_address(sam, caplog):
    caplog.set_level("DEBUG")
    response = sent_signed_out(sam)
    assert b"heron" not in bytes(the_row().fields_sealed)
    assert "heron" not in caplog.text + response.url + response.content.decode()
    assert not any("heron" in str(row.get_decoded()) for row in Session.objects.all())


def test_j4_the_sign_in_page_says_that_it_is_kept(sam):
    page = Client().get(sent_signed_out(sam).url).content.decode()
    assert "What you wrote is kept" in page
    assert "heron" not in page


def test_j4_on_a_shared_device_the_next_person_learns_nothing(sam, noor, client_of):
    browser = Client()
    browser.cookies["shared"] = "1"
    assert browser.post("/check-in/", fields(sam)).url == "/accounts/login/?ended=1&kept=1"
    for path in ("/today/", "/journal/", "/unsent/"):
        assert not ROW.search(client_of(noor).get(path).content.decode())


@pytest.mark.parametrize("path", ["/today/", "/journal/"])
def test_j4_after_signing_in_today_and_the_journal_lead_to_it(sam, client_of, rf, path):
    browser = client_of(sam)
    assert "Your words are here" not in browser.get(path).content.decode()
    sent_signed_out(sam)
    session = browser.session
    session[unsent.WAITING] = True  # as signing in sets it
    session.save()
    assert "You were signed out while you wrote. Your words are here." in browser.get(path).content.decode()
    assert the_row().get_absolute_url() in browser.get("/unsent/").content.decode()


def test_j4_signing_in_notes_that_something_waits_and_never_what(sam, client_of):
    sam.set_password("a-long-word-for-sam-1")
    sam.save()
    sent_signed_out(sam)
    browser = Client()
    browser.post("/accounts/login/", {"login": "sam", "password": "a-long-word-for-sam-1"})
    assert browser.session[unsent.WAITING] is True
    row = the_row()
    assert browser.post(f"/unsent/{row.pk}/deletion/").status_code == 303
    assert unsent.WAITING not in browser.session
    assert not Unsent.objects.exists()


def test_j4_it_is_shown_escaped_and_sent_again(sam, client_of):
    sent_signed_out(sam)
    row, browser = the_row(), client_of(sam)
    page = browser.get(row.get_absolute_url()).content.decode()
    assert "A heron &lt;b&gt;stood&lt;/b&gt; &amp;amp; waited.<br>Then it flew." in page
    assert "<b>stood" not in page
    assert 'action="/check-in/"' in page
    again = hidden(page)
    assert again["note"] == WORDS
    assert browser.post("/check-in/", again).status_code == 303
    assert not Unsent.objects.exists()
    said = CheckIn.objects.get().opened(by=sam)
    assert said.note.splitlines() == WORDS.splitlines()


def test_j4_what_is_refused_when_sent_again_goes_on_waiting(sam, client_of):
    sent_signed_out(sam)
    row = the_row()
    response = client_of(sam).post("/check-in/", fields(sam, mood="9", unsent=str(row.pk)))
    assert response.status_code == 422
    assert Unsent.objects.filter(pk=row.pk).exists()


def test_j4_sent_again_on_a_page_that_grew_old_it_goes_on_waiting(sam):
    sent_signed_out(sam)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(sam)
    response = browser.post("/check-in/", fields(sam, unsent=str(the_row().pk)))
    assert response.url == the_row().get_absolute_url()


def test_j4_nobody_else_sees_or_ends_it(sam, cast, client_of):
    sent_signed_out(sam)
    row = the_row()
    for name in ("noor", "ana", "dev", "eli", "mara"):
        browser = client_of(cast[name])
        gone = browser.get(row.get_absolute_url())
        made_up = browser.get("/unsent/00000000-0000-4000-8000-000000000000/")
        assert gone.status_code == made_up.status_code == 404
        assert "heron" not in gone.content.decode()
        browser.post(f"/unsent/{row.pk}/deletion/")
        browser.post("/me/staying/", {"unsent": str(row.pk)})
        with pytest.raises(PermissionDenied):
            row.opened(by=cast[name])
        with pytest.raises(PermissionDenied):
            row.let_go(by=cast[name])
    assert Unsent.objects.filter(pk=row.pk).exists()


def test_j4_a_stale_page_leads_straight_to_the_words(sam):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(sam)
    response = browser.post("/check-in/", fields(sam))
    assert (response.status_code, response.url) == (303, the_row().get_absolute_url())
    assert browser.session[unsent.WAITING] is True
    assert "heron" in browser.get(response.url).content.decode()
    htmx = browser.post("/check-in/", fields(sam), headers={"HX-Request": "true"})
    assert htmx.headers["HX-Redirect"] == the_row().get_absolute_url()


def test_j4_a_stale_page_without_a_session_leads_there_through_the_sign_in_page(sam):
    response = Client(enforce_csrf_checks=True).post("/check-in/", fields(sam))
    assert response.url == f"/accounts/login/?ended=1&kept=1&next=/unsent/{the_row().pk}/"


def test_j4_htmx_is_sent_there_as_a_whole_page(sam):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/today/"}
    response = Client().post("/check-in/", fields(sam), headers=headers)
    assert response.headers["HX-Redirect"].endswith(f"next=/unsent/{the_row().pk}/")


def test_j4_the_same_form_twice_is_one_and_the_twenty_first_takes_the_place_of_the_oldest(sam, frozen):
    sent_signed_out(sam)
    sent_signed_out(sam)
    first = the_row().pk
    for number in range(MOST):
        frozen.shift(1)
        sent_signed_out(sam, note=f"{number}")
    assert Unsent.objects.count() == MOST
    assert not Unsent.objects.filter(pk=first).exists()


@pytest.mark.django_db(transaction=True)
def test_j4_one_form_sent_four_times_at_once_is_one_row(sam):
    rows = at_once(*[lambda: Unsent.objects.keep([("note", [WORDS])], by=sam, path="/x/", now=NOW)] * 4)
    assert {row.pk for row in rows} == {Unsent.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_j4_an_erasure_at_the_same_moment_leaves_nothing_that_opens(sam, mara):
    """A8: sealed before the key goes, or not at all."""
    at_once(
        lambda: Unsent.objects.keep([("note", [WORDS])], by=sam, path="/x/", now=NOW),
        lambda: destroy_key(sam, by=sam, now=NOW),
    )
    sam.refresh_from_db()
    forget(sam, NOW)
    assert sam.erased_at
    assert not Unsent.objects.exists()
    with pytest.raises(Unreadable):
        Unsent.objects.keep([("note", [WORDS])], by=sam, path="/x/", now=NOW)


def test_j4_what_is_too_long_or_a_password_is_not_kept(sam):
    assert sent_signed_out(sam, note="x" * LONGEST).url == "/accounts/login/?next=/today/"
    assert not Unsent.objects.exists()
    sent_signed_out(sam, password="hush", new_Password2="hush", csrfmiddlewaretoken="z")
    assert {name for name, _values in the_row().opened(by=sam)} == {"mood", "note", "day"}


def test_j4_it_goes_after_seven_days(sam, frozen):
    sent_signed_out(sam)
    frozen.shift(timedelta(days=7, seconds=-1))
    forget_unsent()
    assert Unsent.objects.count() == 1
    frozen.shift(1)
    forget_unsent()
    assert not Unsent.objects.exists()


def test_what_does_not_open_says_so_and_can_be_let_go(sam, client_of, caplog):
    sent_signed_out(sam)
    row = the_row()
    Unsent.objects.update(fields_sealed=bytes(row.fields_sealed)[:-1])
    response = client_of(sam).get(row.get_absolute_url())
    assert response.status_code == 503
    assert "This cannot be opened any more." in response.content.decode()
    assert f"accounts.unsent {row.pk} does not open" in caplog.text


@pytest.mark.parametrize("many", [1, 19])
def test_the_list_asks_as_often_for_many(sam, client_of, django_assert_num_queries, frozen, many):
    for number in range(many):
        frozen.shift(1)
        sent_signed_out(sam, note=f"{number}")
    browser = client_of(sam)
    browser.get("/unsent/")
    with django_assert_num_queries(4):
        browser.get("/unsent/")


def test_j4_each_form_with_room_for_words_says_whose_they_are(cast, luz, client_of):
    """Found on all pages that somebody who is signed in gets."""
    world = worlds.build({**cast, "luz": luz})
    with_words, without = [], []
    people = {who: getattr(world, who) for who in set(VISITS.values()) - {"nobody"}}
    browsers = {who: client_of(person) for who, person in people.items()}
    for name, who in VISITS.items():
        if who == "nobody":
            continue
        person = people[who]
        path = reverse(name, args=ARGUMENTS.get(name, lambda _world: [])(world))
        answer = browsers[who].get(path)
        assert "/accounts/login/" not in answer.headers.get("Location", ""), f"signed out before {name}"
        for form in FORM.findall(answer.content.decode()):
            if "<textarea" in form and 'method="post"' in form:
                with_words.append(name)
                if f'name="writer" value="{person.pk.hex} ' not in form:
                    without.append(name)
    assert {"journal:entry_create", "checkins:check_in", "groups:session_note"} <= set(with_words)
    assert without == []
