"""Before what is final, a person shows once more that it is them; what they sent is kept nowhere."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.gates import recently_signed_in


@recently_signed_in
def final(request):
    return HttpResponse(b"done")


def request_of(user, client, method="get", **headers):
    request = getattr(RequestFactory(), method)("/somewhere/?page=2", {"why": "canary"}, headers=headers)
    request.user = user
    request.session = client.session
    return request


def test_signing_in_alone_does_not_open_it(client_of, sam):
    response = final(request_of(sam, client_of(sam)))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/reauthenticate/?next=/somewhere/")


def test_whoever_showed_it_goes_in_for_five_minutes(client_of, again, sam, frozen):
    client = again(client_of(sam), sam)
    frozen.shift(timedelta(minutes=4, seconds=59))
    assert final(request_of(sam, client)).content == b"done"
    assert final(request_of(sam, client, "post")).content == b"done"
    frozen.shift(timedelta(seconds=1))
    assert final(request_of(sam, client)).status_code == 302


def test_what_another_person_showed_does_not_count(client_of, again, sam, noor):
    assert final(request_of(sam, again(client_of(sam), noor))).status_code == 302


def test_a_form_goes_back_to_its_own_page_and_nothing_of_it_is_kept(client_of, sam):
    request = request_of(sam, client_of(sam), "post")
    response = final(request)
    assert (response.status_code, response.url) == (303, "/somewhere/")
    assert not request.session.modified
    assert "canary" not in str(dict(request.session.items()))


def test_a_fragment_sends_the_whole_page(client_of, sam):
    response = final(request_of(sam, client_of(sam), **{"HX-Request": "true"}))
    assert response.headers["HX-Redirect"].startswith("/accounts/reauthenticate/")


@pytest.mark.django_db
def test_nobody_is_asked_too():
    request = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    request.session = SessionStore()
    assert final(request).status_code == 302


def test_whoever_has_yet_to_show_the_second_step_is_offered_no_password(mara, client_of, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    mara.set_password("maple kettle harbor seven")
    mara.save()
    TOTP.activate(mara, generate_totp_secret())
    browser = client_of(mara)
    words = "Use your password"
    assert words not in browser.get(reverse("mfa_reauthenticate")).content.decode()
    settings.REQUIRE_SECOND_FACTOR = False
    assert words in browser.get(reverse("mfa_reauthenticate")).content.decode()
