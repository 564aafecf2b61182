"""A3: staff need a second step, anybody may have one, and its secrets are sealed."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts import vault
from accounts.models import AuditEvent, User
from notifications.models import Notification
from tests import passkeys

PASSWORD = "maple kettle harbor seven"
ACTIVATE, CODES = "/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/"


@pytest.fixture(scope="module")
def encoded() -> str:
    return make_password(PASSWORD)


@pytest.fixture
def mara(mara, encoded) -> User:
    mara.password = encoded
    mara.save()
    return mara


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def code_of(secret: str, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def sign_in(client, user):
    return client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})


def set_up_code(client) -> str:
    """Goes through the page, and tells the secret that the app now shares."""
    page = client.get(ACTIVATE)
    secret = page.context["form"].secret
    response = client.post(ACTIVATE, {"code": code_of(secret)})
    assert (response.status_code, response.url) == (302, CODES)
    return secret


def everything_stored() -> str:
    rows = [str(row) for model in apps.get_models() for row in model.objects.values()]
    return "\n".join(rows + [str(session.get_decoded()) for session in Session.objects.all()])


# Setting an app up


def test_the_picture_is_drawn_in_the_page_and_names_no_program(client, mara, settings):
    sign_in(client, mara)
    page = client.get(ACTIVATE)
    html = page.content.decode()
    assert 'class="qr"' in html
    assert "data:image" not in html
    assert "otpauth://totp/mara?" in page.context["totp_url"]
    assert settings.SITE_NAME not in page.context["totp_url"]


def test_the_page_loaded_again_shows_the_same_secret(client, mara):
    sign_in(client, mara)
    assert client.get(ACTIVATE).context["secret"] == client.get(ACTIVATE).context["secret"]


def test_no_secret_is_stored_in_clear(client, mara):
    sign_in(client, mara)
    waiting = client.get(ACTIVATE).context["form"].secret
    assert waiting not in everything_stored()
    secret = set_up_code(client)
    codes = client.get(CODES).context["unused_codes"]
    stored = everything_stored()
    assert waiting == secret
    assert [word for word in (secret, *codes) if word in stored] == []
    kept = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert vault.unseal_own(kept, "mfa") not in stored


def test_a_wrong_code_sets_nothing_up(client, mara):
    sign_in(client, mara)
    client.get(ACTIVATE)
    assert client.post(ACTIVATE, {"code": "000000"}).status_code == 422
    assert not Authenticator.objects.exists()


def test_setting_up_is_recorded_and_told(client, mara, frozen):
    sign_in(client, mara)
    set_up_code(client)
    acts = AuditEvent.objects.filter(actor_id=mara.pk).order_by("pk")
    assert [(act.act, act.detail) for act in acts] == [
        ("signed_in", "password"),
        ("second_factor", "code added"),
    ]
    assert list(Notification.objects.values_list("recipient__username", "kind")) == [
        ("mara", "accounts.factor_added")
    ]


# Signing in with it


@pytest.fixture
def with_code(client, mara, frozen):
    """Mara has an app and spare codes, and is signed out."""
    sign_in(client, mara)
    secret = set_up_code(client)
    codes = client.get(CODES).context["unused_codes"]
    client.post(reverse("account_logout"))
    frozen.shift(60)
    return secret, codes


def test_a_password_alone_is_not_enough(client, mara, with_code):
    response = sign_in(client, mara)
    assert (response.status_code, response.url) == (302, reverse("mfa_authenticate"))
    assert client.get("/today/").status_code == 302
    response = client.post(response.url, {"code": code_of(with_code[0])})
    assert response.url == reverse("home:today")
    assert AuditEvent.objects.filter(detail="password, code").count() == 1


def test_a_code_works_once(client, mara, with_code):
    code = code_of(with_code[0])
    sign_in(client, mara)
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.post(reverse("account_logout"))
    sign_in(client, mara)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 422
    assert "_auth_user_id" not in client.session


def test_neither_the_last_nor_the_next_code_works(client, mara, with_code):
    sign_in(client, mara)
    for later in (-1, 1):
        answer = client.post(reverse("mfa_authenticate"), {"code": code_of(with_code[0], later)})
        assert answer.status_code == 422


def test_a_spare_code_works_once(client, mara, with_code):
    codes = with_code[1]
    assert len(set(codes)) == 10
    for expected in (302, 422):
        sign_in(client, mara)
        answer = client.post(reverse("mfa_authenticate"), {"code": codes[3]})
        assert answer.status_code == expected
        client.post(reverse("account_logout"))


def test_spare_codes_are_shown_once_and_kept_as_a_file_by_whoever_sees_them(client, mara, frozen):
    sign_in(client, mara)
    set_up_code(client)
    codes = client.get(CODES).context["unused_codes"]
    again = client.get(CODES)
    assert [code for code in codes if code in again.content.decode()] == []
    download = reverse("mfa_download_recovery_codes")
    kept = client.post(download, {"codes": " ".join(codes)})
    assert kept.content.decode().split() == codes
    assert kept.headers["Content-Disposition"] == 'attachment; filename="codes.txt"'
    assert kept.headers["Cache-Control"] == "no-store, private"
    assert client.post(download, {"codes": " ".join(codes[1:])}).status_code == 404


def test_new_spare_codes_end_the_old_ones(client, mara, with_code):
    sign_in(client, mara)
    client.post(reverse("mfa_authenticate"), {"code": code_of(with_code[0])})
    client.post(reverse("mfa_generate_recovery_codes"))
    new = client.get(CODES).context["unused_codes"]
    assert not set(new) & set(with_code[1])
    assert Notification.objects.filter(recipient=mara, kind="accounts.codes_made").count() == 1


# The gate


def test_staff_without_a_second_step_are_led_to_set_one_up(client, mara, required):
    assert sign_in(client, mara).url == "/today/"
    response = client.get("/today/")
    assert (response.status_code, response.url) == (303, reverse("mfa_set_up"))
    assert client.get(reverse("mfa_set_up")).status_code == 200
    fragment = client.get("/people/", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == reverse("mfa_set_up")
    for closed in ("home:people", "accounts:profile", "usersessions_list", "account_change_password"):
        assert client.get(reverse(closed)).url == reverse("mfa_set_up"), closed
    for public in ("home:help", "home:about", "faq:article_list", "account_logout"):
        assert client.get(reverse(public)).status_code == 200, public


@pytest.mark.parametrize("name", ["ana", "eli", "mara"])
def test_the_gate_holds_for_every_staff_role_and_every_way_in(request, client_of, required, name):
    client = client_of(request.getfixturevalue(name))
    assert client.get("/today/").url == reverse("mfa_set_up")
    assert client.post("/me/", {"chosen_name": "X"}).url == reverse("mfa_set_up")


def test_the_gate_is_not_for_clients(client_of, sam, required):
    assert client_of(sam).get("/today/").status_code == 200


def test_after_setting_up_the_same_session_goes_through(client, mara, required):
    sign_in(client, mara)
    set_up_code(client)
    assert client.get(CODES).status_code == 200
    assert client.get("/today/").status_code == 200
    assert client.get(reverse("mfa_set_up")).url == reverse("mfa_index")


def test_a_session_that_knows_the_password_alone_adds_no_way_of_its_own(client_of, again, mara, required):
    """Another browser set a way up meanwhile: this one has to show it."""
    client = again(client_of(mara), mara)
    passkeys.give(mara)
    for page in ("home:today", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"):
        assert client.get(reverse(page)).url == reverse("mfa_reauthenticate_webauthn"), page
    assert client.get(reverse("mfa_reauthenticate_webauthn")).status_code == 200


def test_staff_keep_their_last_way(client, mara, required, frozen):
    sign_in(client, mara)
    set_up_code(client)
    page = client.get(reverse("mfa_deactivate_totp"))
    assert "You need this to sign in" in page.content.decode()
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type="totp").count() == 1
    passkey = passkeys.give(mara)
    assert client.post(reverse("mfa_remove_webauthn", args=[passkey.pk])).status_code == 302
    passkey = passkeys.give(mara)
    client.post(reverse("mfa_deactivate_totp"))
    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    assert [factor.type for factor in Authenticator.objects.exclude(type="recovery_codes")] == ["webauthn"]
    assert Notification.objects.filter(kind="accounts.factor_removed").count() == 2


def test_an_address_that_nobody_proved_keeps_nobody_from_setting_up(client, mara, required):
    mara.emailaddress_set.create(email=mara.email, verified=False)
    sign_in(client, mara)
    set_up_code(client)


# Signing in again


def test_a_form_is_never_kept_while_the_password_is_asked(client_of, mara):
    client = client_of(mara)
    response = client.post(reverse("mfa_generate_recovery_codes"), {"note": "canary"})
    assert (response.status_code, response.url) == (303, reverse("mfa_generate_recovery_codes"))
    assert client.get(response.url).url.startswith(reverse("account_reauthenticate"))
    assert "canary" not in everything_stored()


def test_signing_in_again_renews_the_session_key_and_stays_in_the_list(client, mara):
    sign_in(client, mara)
    before = client.session.session_key
    page = reverse("account_reauthenticate") + "?next=/me/"
    assert client.post(page, {"password": PASSWORD, "next": "/me/"}).url == "/me/"
    after = client.session.session_key
    assert before != after
    assert not Session.objects.filter(session_key=before).exists()
    assert [row.session_key for row in mara.usersession_set.all()] == [after]
    assert client.get("/me/").status_code == 200


def test_the_defaults_that_others_might_loosen(settings):
    from allauth.mfa import app_settings
    from allauth.usersessions import app_settings as usersessions

    assert app_settings.TOTP_TOLERANCE == 0
    assert not app_settings.TRUST_ENABLED
    assert not usersessions.TRACK_ACTIVITY
    assert app_settings.RECOVERY_CODE_COUNT == 10
    assert app_settings.TOTP_INSECURE_BYPASS_CODE is None
    assert settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == 300


def test_pages_keep_the_policy(client, mara):
    sign_in(client, mara)
    for page in (ACTIVATE, reverse("mfa_add_webauthn")):
        html = client.get(page).content.decode()
        bare = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", html)
        assert [tag for tag in bare if 'type="application/json"' not in tag] == []
        assert not re.search(r"\sstyle=", html)
    assert json.loads(re.search(r'passkey-data"[^>]*>(.*?)</script>', html)[1])["creation_options"]
