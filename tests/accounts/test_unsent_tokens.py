"""The token of a form says whose words these are, and opens nothing (J4, row 40)."""

from datetime import timedelta

import pytest
from django.core.signing import TimestampSigner
from django.test import Client

from accounts.models import Unsent, User
from tests.accounts.test_unsent import fields, sent_signed_out, the_row

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c", "\0", "0" * 32])
def test_j4_without_a_good_token_nothing_is_kept(sam, token):
    assert sent_signed_out(sam, writer=token).url == "/accounts/login/?next=/today/"
    assert Client(enforce_csrf_checks=True).post("/check-in/", fields(sam, writer=token)).status_code == 403
    assert not Unsent.objects.exists()


def test_j4_a_token_of_another_purpose_is_none(sam):
    sent_signed_out(sam, writer=TimestampSigner(salt="else").sign(sam.pk.hex))
    assert not Unsent.objects.exists()


@pytest.mark.parametrize(
    "path", ["/journal/{}/share/", "/people/{}/discharge/", "/accounts/logout/", "/me/delete/"]
)
def test_j4_the_token_of_one_form_brings_no_other_in_its_writers_name(sam, path):
    sent = Client().post(path.format(sam.pk), fields(sam, revision="1"))
    assert "kept" not in sent.headers.get("Location", "")
    assert not Unsent.objects.exists()


def test_j4_a_token_ends_with_the_password(sam):
    form = fields(sam)
    sam.set_password("another-long-word-2")
    sam.save()
    Client().post("/check-in/", form)
    assert not Unsent.objects.exists()


def test_j4_what_is_sent_again_and_refused_names_what_waits_once_more(sam, client_of):
    sent_signed_out(sam)
    row = the_row()
    refused = client_of(sam).post("/check-in/", fields(sam, note="x" * 60_000, unsent=str(row.pk)))
    assert refused.status_code == 422
    assert f'name="unsent" value="{row.pk}"' in refused.content.decode()


def test_j4_a_token_lasts_a_day(sam, frozen):
    form = fields(sam)
    frozen.shift(timedelta(hours=24, seconds=2))
    Client().post("/check-in/", form)
    assert not Unsent.objects.exists()


def test_j4_a_token_is_none_for_whoever_else_is_signed_in_or_once_the_account_is_closed(sam, noor):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(noor)
    refused = browser.post("/check-in/", fields(sam))
    assert refused.status_code == 403
    assert "Go back and copy what you wrote" in refused.content.decode()
    User.objects.filter(pk=sam.pk).update(is_active=False)
    sent_signed_out(sam)
    assert not Unsent.objects.exists()
