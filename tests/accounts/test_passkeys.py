"""Signing in with a passkey, with a device made of a few lines instead of a browser."""

import json

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts.models import AuditEvent
from notifications.models import Notification
from tests.passkeys import Device, give

ADD = "/accounts/2fa/passkeys/add/"
SIGN_IN = "/accounts/2fa/passkeys/login/"
NO_CREDENTIALS = ["", "x", "null", "[]", "{}", '"x"', "1", '{"id": 1}', '{"response": {}}'] + [
    json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": dict.fromkeys(parts, "eA")})
    for parts in (
        ["clientDataJSON", "attestationObject"],
        ["clientDataJSON", "authenticatorData", "signature"],
    )
]


def add(client, device, **fields):
    challenge = client.get(ADD).context["js_data"]["creation_options"]["publicKey"]["challenge"]
    return client.post(
        ADD, {"name": "My phone", "credential": json.dumps(device.register(challenge)), **fields}
    )


def sign_in(client, device, user):
    options = client.get(SIGN_IN, headers={"Accept": "application/json"}).json()["request_options"]
    assert options["publicKey"]["userVerification"] == "required"
    answer = device.sign(options["publicKey"]["challenge"], user_pk_to_url_str(user))
    return client.post(SIGN_IN, {"credential": json.dumps(answer)}, follow=True)


def test_a_passkey_is_added_and_signs_in_alone(client, client_of, again, sam):
    device, own = Device(), {"own_device": "on"}
    response = add(again(client_of(sam), sam), device, **own)
    assert response.url == reverse("mfa_view_recovery_codes")
    assert Authenticator.objects.get(type="webauthn").data["name"] == "My phone"
    assert Notification.objects.get(recipient=sam).kind == "accounts.factor_added"
    page = sign_in(client, device, sam)
    assert page.redirect_chain == [("/today/", 302)]
    assert AuditEvent.objects.filter(actor_id=sam.pk, act="signed_in", detail="passkey").count() == 1


def test_a_key_that_asks_for_nothing_is_refused(client, client_of, again, sam):
    device = Device(verifies=False)
    assert add(again(client_of(sam), sam), device, own_device="on").status_code == 422
    assert not Authenticator.objects.exists()


def test_another_device_does_not_come_in(client, client_of, again, sam):
    add(again(client_of(sam), sam), Device(), own_device="on")
    sign_in(client, Device(), sam)
    assert "_auth_user_id" not in client.session


def test_a_closed_account_stays_closed(client, client_of, again, sam):
    device = Device()
    add(again(client_of(sam), sam), device, own_device="on")
    sam.is_active = False
    sam.save()
    sign_in(client, device, sam)
    assert "_auth_user_id" not in client.session


def test_a_client_says_first_that_the_device_is_their_own(client_of, again, sam):
    client = again(client_of(sam), sam)
    assert add(client, Device()).status_code == 422
    assert not Authenticator.objects.exists()


def test_staff_are_not_asked_that(client_of, again, mara):
    assert add(again(client_of(mara), mara), Device()).status_code == 302


def test_on_a_shared_device_a_client_adds_none(client_of, again, sam, mara):
    for user, expected in ((sam, [302, 303]), (mara, [302, 200])):
        client = again(client_of(user), user)
        session = client.session
        session["shared_device"] = True
        session.save()
        offer = client.get(reverse("mfa_list_webauthn")).content.decode()
        assert (ADD in offer) == (user is mara)
        assert client.get(ADD).status_code == expected[1]


def test_a_passkey_shows_again_that_it_is_them(client_of, again, sam):
    device = Device()
    client = again(client_of(sam), sam)
    add(client, device, own_device="on")
    page = client.get(reverse("mfa_reauthenticate_webauthn") + "?next=/me/")
    options = page.context["js_data"]["request_options"]["publicKey"]
    answer = {"credential": json.dumps(device.sign(options["challenge"])), "next": "/me/"}
    assert client.post(reverse("mfa_reauthenticate_webauthn"), answer).url == "/me/"
    # The challenge was for one answer.
    again_url = client.post(reverse("mfa_reauthenticate_webauthn"), answer).url
    assert again_url.startswith(reverse("mfa_reauthenticate_webauthn"))


def test_names_are_kept_clean_and_only_ones_own_are_touched(client_of, again, sam, noor):
    passkey = give(sam)
    edit = reverse("mfa_edit_webauthn", args=[passkey.pk])
    client = again(client_of(sam), sam)
    assert client.post(edit, {"name": "\u202e \u200b"}).status_code == 422
    assert client.post(edit, {"name": " The  blue\u202e phone "}).status_code == 302
    passkey.refresh_from_db()
    assert passkey.data["name"] == "The blue phone"
    other = again(client_of(noor), noor)
    assert other.post(edit, {"name": "Mine"}).status_code == 404
    assert other.post(reverse("mfa_remove_webauthn", args=[passkey.pk])).status_code == 404


@pytest.mark.parametrize("credential", NO_CREDENTIALS)
def test_what_is_no_credential_is_a_message(client, client_of, again, sam, credential):
    sent = {"credential": credential, "own_device": "on"}
    give(sam)
    signed_in = again(client_of(sam), sam)
    signed_in.get(ADD)
    assert signed_in.post(ADD, sent).status_code == 422
    signed_in.get(reverse("mfa_reauthenticate_webauthn"))
    assert signed_in.post(reverse("mfa_reauthenticate_webauthn"), sent).status_code == 303
    client.get(SIGN_IN, headers={"Accept": "application/json"})
    assert client.post(SIGN_IN, sent).url == reverse("account_login")


def test_too_many_codes_are_told_in_plain_words(client_of, again, mara):
    client = again(client_of(mara), mara)
    page = reverse("mfa_activate_totp")
    client.get(page)
    answers = [client.post(page, {"code": "000000"}).content.decode() for _ in range(7)]
    assert "That did not match" in answers[0]
    assert "That was too many tries" in answers[-1]
