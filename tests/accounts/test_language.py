"""A client chooses the language of the product; whoever has not signed in chooses for the session."""

import json
import re
import uuid
import zipfile
from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.roles import Role
from groups.models import CalendarFeed
from notifications.channels.mail import message
from notifications.channels.push import payload
from notifications.models import Notification

pytestmark = pytest.mark.django_db
LANGUAGE, SIGN_IN, PROFILE = "/language/", "/accounts/login/", "/me/"
SPANISH = {"accept-language": "es-MX,es;q=0.9,en;q=0.5"}


def spoken(response) -> str:
    return re.search(rb'<html lang="([\w-]+)"', response.content)[1].decode()


def speak(user: User, language: str = "es") -> User:
    User.objects.filter(pk=user.pk).update(language=language)
    user.refresh_from_db()
    return user


def came_from(page: str, host: str = "http://testserver") -> dict[str, str]:
    return {"referer": f"{host}{page}"}


def profile(**fields: str) -> dict[str, str]:
    return {"chosen_name": "Sam", "pronouns": "", "time_zone": ""} | fields


def test_a_client_chooses_on_their_own_page_and_is_thanked_in_that_language(sam, client_of):
    browser = client_of(sam)
    assert spoken(browser.get(PROFILE)) == "en-us"
    page = browser.post(PROFILE, profile(language="es"), follow=True)
    assert (spoken(page), User.objects.get(pk=sam.pk).language) == ("es", "es")
    assert "Guardado." in page.content.decode()


def test_the_button_under_each_page_leads_back_to_it_in_the_other_language(sam, client_of):
    browser = client_of(sam)
    form = browser.get("/journal/?day=2026-11-24").content.decode()
    assert 'name="language" value="es" lang="es"' in form
    response = browser.post(LANGUAGE, {"language": "es"}, headers=came_from("/journal/?day=2026-11-24"))
    assert (response.status_code, response["Location"]) == (303, "/journal/?day=2026-11-24")
    assert User.objects.get(pk=sam.pk).language == "es"
    page = browser.get("/journal/")
    assert (spoken(page), 'value="en-us" lang="en-us"' in page.content.decode()) == ("es", True)


def test_a_profile_form_of_before_leaves_the_language_as_it_is(sam, client_of):
    browser = client_of(speak(sam))
    browser.post(PROFILE, profile())
    assert User.objects.get(pk=sam.pk).language == "es"


@pytest.mark.parametrize(
    "page",
    [came_from("/me/", "https://elsewhere.example"), came_from("//elsewhere.example/x"), came_from("x"), {}],
)
def test_the_way_back_leads_nowhere_else(client, page):
    response = client.post(LANGUAGE, {"language": "es"}, headers=page)
    assert (response.status_code, response["Location"]) == (303, reverse("home:today"))


def test_a1_a_page_behind_a_token_offers_it_without_the_token(client, mara):
    _made, token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=timezone.now())
    page = reverse("accounts:invitation", args=[token])
    html = client.get(page).content.decode()
    assert ('value="es" lang="es"' in html, token in html) == (True, False)
    client.post(LANGUAGE, {"language": "es"}, headers=came_from(page))
    assert spoken(client.get(page)) == "es"


@pytest.mark.parametrize("language", ["de", "", "../x", "ES"])
def test_there_is_no_other_language(client, sam, language):
    client.force_login(sam)
    assert client.post(LANGUAGE, {"language": language}).status_code == 404
    assert client.post(PROFILE, profile(language=language or "x")).status_code == 422
    assert User.objects.get(pk=sam.pk).language == ""


def test_it_is_chosen_by_a_form_alone(client):
    assert client.get(LANGUAGE).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(LANGUAGE, {"language": "es"}).status_code == 403


def test_before_signing_in_the_choice_holds_for_the_session_and_ends_with_it(sam, client):
    """On a shared tablet the next person finds the page as it was."""
    client.post(LANGUAGE, {"language": "es"})
    assert spoken(client.get(SIGN_IN)) == "es"
    client.force_login(sam)  # who has not chosen for good
    assert spoken(client.get("/today/")) == "es"
    assert User.objects.get(pk=sam.pk).language == ""
    client.post("/accounts/logout/")
    assert spoken(client.get(SIGN_IN)) == "en-us"


def test_what_somebody_chose_for_good_holds_over_what_the_one_before_chose(sam, client):
    client.post(LANGUAGE, {"language": "es"})
    client.force_login(speak(sam, "en-us"))
    assert spoken(client.get("/today/")) == "en-us"


def test_before_signing_in_the_page_speaks_as_the_browser_asks(client):
    page = client.get(SIGN_IN, headers=SPANISH)
    assert (spoken(page), "Accept-Language" in page["Vary"]) == ("es", True)
    assert spoken(client.get(SIGN_IN)) == "en-us"
    assert spoken(client.get(SIGN_IN, headers={"accept-language": "de, xx;q=y"})) == "en-us"


def test_whoever_accepts_an_invitation_keeps_the_language_of_its_page(client, mara):
    _made, token = Invitation.objects.issue(role=Role.CLIENT, by=mara, now=timezone.now())
    page = reverse("accounts:invitation", args=[token])
    assert spoken(client.get(page, headers=SPANISH)) == "es"
    answers = {"username": "willa", "chosen_name": "Willa", "pronouns": "", "address": ""}
    first = client.post(page, answers | {"password": "maple kettle harbor seven"}, headers=SPANISH)
    assert first.status_code == 303
    assert User.objects.get(username="willa").language == "es"
    assert spoken(client.get(reverse("home:first_steps"))) == "es"


def test_staff_read_english_whatever_their_browser_asks(client_of, ana, dev):
    page = client_of(speak(ana)).get("/today/", headers=SPANISH)
    assert (spoken(page), ana.speaks) == ("en-us", "en-us")
    assert b'name="language"' not in page.content
    assert b'name="language"' not in client_of(ana).get(PROFILE).content
    browser = Client()
    browser.post(LANGUAGE, {"language": "es"})
    browser.force_login(dev)  # at a tablet on whose sign-in page Spanish was chosen
    assert spoken(browser.get("/today/")) == "en-us"


def test_f1_a_public_page_is_the_same_bytes_in_whichever_language_somebody_reads(client, client_of, sam):
    for page in ("/about/", "/help/", "/privacy/", "/articles/"):
        theirs = client_of(speak(sam)).get(page, headers=SPANISH)
        assert theirs.content == client.get(page).content
        assert "Accept-Language" not in theirs.get("Vary", "")


def test_the_privacy_page_stands_in_spanish_at_an_address_of_its_own(client, client_of, sam):
    page = client.get("/es/privacy/")
    assert (spoken(page), "Tu privacidad" in page.content.decode()) == ("es", True)
    assert 'href="/es/privacy/"' in client_of(speak(sam)).get("/today/").content.decode()


def test_the_help_page_says_to_everybody_that_there_is_help_in_spanish(client):
    assert b'<p lang="es">Puedes hablar con alguien ahora' in client.get("/help/").content


def test_a_page_that_is_not_there_says_so_in_the_language_of_whoever_asks(client_of, sam, mara):
    page = client_of(speak(sam)).get(reverse("home:person", args=[mara.pk]))
    assert (page.status_code, spoken(page)) == (404, "es")


def test_k5_mail_and_push_speak_the_language_of_the_person_at_the_moment_of_sending(sam, ana):
    row = Notification(recipient=sam, kind="checkins.reminder", about=uuid.uuid4())
    assert message(row).subject == "You have a message"
    row.recipient = speak(sam)
    mail = message(row)
    assert mail.subject == "Tienes un mensaje"
    assert mail.body.startswith("Hay un mensaje para ti.\n\nLéelo aquí:\nhttp://testserver/notices/")
    assert b"Subject: Tienes un mensaje" in mail.message().as_bytes()
    assert json.loads(payload(row))["title"] == "Tienes un mensaje"
    row.recipient = speak(ana)
    assert message(row).subject == "You have a message"


def test_t10_the_calendar_speaks_it_and_a_program_hears_that_it_changed(client, sam):
    _feed, token = CalendarFeed.objects.renew(sam, shows_detail=False, now=timezone.now())
    before = client.get(f"/calendar/{token}.ics")
    speak(sam)
    after = client.get(f"/calendar/{token}.ics")
    assert (b"X-WR-CALNAME:Appointments" in before.content, b"X-WR-CALNAME:Citas" in after.content) == (
        True,
        True,
    )
    assert before["ETag"] != after["ETag"]


def test_a7_what_they_take_along_is_written_in_it_to_the_last_piece(sam, client_of, again):
    file = again(client_of(speak(sam)), sam).post(reverse("home:export")).getvalue()
    with zipfile.ZipFile(BytesIO(file)) as copy:
        pages = {name: copy.read(name).decode() for name in copy.namelist()}
    for name in ("index.html", "journal.html", "about-me.html"):
        assert '<html lang="es"' in pages[name]
    assert "Tu equipo de cuidado" in pages["about-me.html"]
    assert pages["README.txt"].startswith("Qué hay aquí")


def test_a8_the_last_page_speaks_it_too_and_the_account_forgets_it(sam, client_of, again):
    browser = again(client_of(speak(sam)), sam)
    response = browser.post(reverse("home:deletion"), {"username": sam.username})
    assert (response.status_code, response["Location"]) == (303, "/gone/?language=es")
    assert spoken(Client().get(response["Location"])) == "es"
    assert spoken(Client().get("/gone/")) == "en-us"
    assert User.objects.get(pk=sam.pk).language == ""


def test_one_persons_language_is_not_the_next_ones(client_of, sam, noor):
    """A thread that answered in Spanish answers the next request as that one asks."""
    spanish, other = client_of(speak(sam)), client_of(noor)
    said = [spoken(browser.get("/today/")) for browser in (spanish, other, spanish, other)]
    assert said == ["es", "en-us", "es", "en-us"]
    assert settings.LANGUAGE_CODE == "en-us"


@pytest.mark.parametrize("path", ["/nowhere/", "/people/00000000-0000-4000-8000-000000000000/"])
def test_what_is_refused_before_there_is_a_page_is_refused_in_it_too(client_of, sam, path):
    speak(sam)
    page = client_of(sam).get(path)
    assert (page.status_code, spoken(page)) == (404, "es")
    assert spoken(Client().get("/nowhere/", headers=SPANISH)) == "en-us"


def test_a_page_that_was_open_for_too_long_says_so_in_it(sam):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(speak(sam))
    page = strict.post(LANGUAGE, {"language": "es"})
    assert (page.status_code, spoken(page)) == (403, "es")
