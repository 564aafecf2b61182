"""A9: the account of a colleague who leaves, and how it opens again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Invitation, User
from accounts.roles import Role
from recovery_site.actions.handover import close_staff_account, reopen_staff_account
from tests.cast import person
from tests.home.conftest import NOW
from tests.home.test_leaving import closes, page


@pytest.fixture(autouse=True)
def _at_that_time(frozen):
    """Everything here happens on that Tuesday."""


def test_a9_a_closed_account_is_signed_out_at_once_and_its_invitations_end(dev, mara, client_of, again):
    invitation, _token = Invitation.objects.issue(role=Role.CLIENT, by=dev, now=NOW)
    theirs = client_of(dev)
    assert theirs.get("/today/").status_code == 200
    response = again(client_of(mara), mara).post(page(dev, "closing"), follow=True)
    assert "This account is closed" in response.content.decode()
    assert theirs.get("/today/").status_code == 302
    assert not Invitation.objects.open(NOW).filter(pk=invitation.pk).exists()
    dev.refresh_from_db()
    assert (dev.is_active, dev.closed_at) == (False, NOW)
    acts = list(AuditEvent.objects.filter(actor_id=mara.pk).values_list("act", flat=True))
    assert acts.count("closed") == 1
    assert "invitation_revoked" in acts
    close_staff_account(person=dev, by=mara, now=NOW)  # twice is once
    assert AuditEvent.objects.filter(act="closed").count() == 1


def test_a9_let_back_in_somebody_needs_a_new_card(dev, mara, client_of):
    dev.set_password("a password of before")
    dev.save()
    close_staff_account(person=dev, by=mara, now=NOW)
    client_of(mara).post(page(dev, "reopening"))
    dev.refresh_from_db()
    assert (dev.is_active, dev.closed_at) == (True, None)
    assert not dev.check_password("a password of before")
    reopen_staff_account(person=dev, by=mara, now=NOW)  # twice is once
    assert AuditEvent.objects.filter(act="reopened", subject_id=dev.pk).count() == 1


def test_a9_the_last_manager_stays(mara, eli, client_of, again):
    assert closes(mara, mara) == ["This is the last manager. Make somebody else a manager first."]
    browser = again(client_of(mara), mara)
    response = browser.post(page(mara, "closing"))
    assert response.status_code == 422
    assert "This is the last manager." in response.content.decode()
    person("second", Role.MANAGER, "Second", "")
    assert browser.post(page(mara, "closing")).status_code == 303
    assert not User.objects.get(pk=mara.pk).is_active


def test_a_client_does_not_leave_this_way(sam, ana, mara, client_of, again):
    browser = again(client_of(mara), mara)
    for name in ("leaving", "closing", "reopening"):
        method = browser.get if name == "leaving" else browser.post
        assert method(page(sam, name)).status_code == 404
    assert closes(sam, mara) == ["A client leaves by the end of the stay."]


def test_a9_before_an_account_closes_the_manager_shows_that_it_is_them(dev, mara, client_of, again):
    browser, path = client_of(mara), page(dev, "closing")
    assert browser.post(path).status_code == 303
    assert browser.get(path)["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.get(pk=dev.pk).is_active
    again(browser, mara)
    assert browser.get(path)["Location"] == page(dev)  # where the button is
    assert browser.post(path).status_code == 303
    assert not User.objects.get(pk=dev.pk).is_active


def test_a9_a_manager_who_closes_their_own_account_reads_that_it_is_closed(mara, again, frozen):
    person("second", Role.MANAGER, "Second", "")
    mara.set_password("a password of before")
    mara.save()
    browser = Client()
    browser.post(reverse("account_login"), {"login": "mara", "password": "a password of before"})
    frozen.shift(timedelta(seconds=90))  # the next page writes to the session again
    response = again(browser, mara).post(page(mara, "closing"))
    assert (response.status_code, response["Location"]) == (303, reverse("account_login"))
    assert "Your account is closed" in browser.get(response["Location"]).content.decode()
    assert browser.get("/today/").status_code == 302
    assert not User.objects.get(pk=mara.pk).is_active
