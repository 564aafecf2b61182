"""A1, K8: an e-mailed invitation can be told from others, and nothing is said to go out that waits."""

import pytest
from django.utils import timezone

from accounts.models import Invitation
from notifications.models import Heartbeat
from tests.accounts.test_inviting import ADDRESS, PAGE, body, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def test_an_e_mail_needs_a_word_to_tell_it_apart(client_of, mara):
    assert send(client_of(mara), how="mail", address=ADDRESS, label=" ").status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("runs", "words"), [(False, "The e-mail waits."), (True, "The e-mail goes out now.")]
)
def test_while_no_messages_go_out_nothing_is_said_to_go_out_now(runs, words, client_of, mara):
    for name in ("beat", "worker") if runs else ():
        Heartbeat.objects.create(name=name, at=timezone.now())
    browser = client_of(mara)
    assert send(browser, how="mail", address=ADDRESS).status_code == 303
    assert words in body(browser.get(PAGE))
