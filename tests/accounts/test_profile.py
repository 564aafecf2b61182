import uuid
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from notifications.models import Notification

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
PROFILE = "accounts:profile"


@pytest.mark.parametrize("name", ["sam", "ana", "eli", "mara"])
def test_everybody_has_a_profile_of_their_own(cast, client_of, name):
    user = cast[name]
    client = client_of(user)
    page = client.get(reverse(PROFILE)).content.decode()
    assert user.chosen_name in page
    answers = {"chosen_name": "Robin", "pronouns": "they, them", "time_zone": "Asia/Tokyo", "role": "manager"}
    assert client.post(reverse(PROFILE), answers).status_code == 303
    stored = User.objects.get(pk=user.pk)
    assert (stored.chosen_name, stored.pronouns, stored.time_zone) == ("Robin", "they, them", "Asia/Tokyo")
    assert stored.role == user.role
    assert User.objects.filter(chosen_name="Robin").count() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"chosen_name": ""}, "Please fill this in"),
        ({"chosen_name": "\u200f"}, "Write the name you go by"),
        ({"chosen_name": "x" * 1_000_000}, "room for 60 characters"),
        ({"chosen_name": "a\0b"}, "cannot be kept"),
        ({"pronouns": "p" * 41}, "room for 40 characters"),
        ({"time_zone": "Nowhere"}, "Choose one of the list"),
    ],
)
def test_a_mistake_is_told_and_nothing_changes(sam, client_of, wrong, message):
    answers = {"chosen_name": "Robin", "pronouns": "ze, zir", "time_zone": ""} | wrong
    response = client_of(sam).post(reverse(PROFILE), answers)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert User.objects.get(pk=sam.pk).chosen_name == "Sam"


def test_a_name_cannot_carry_markup(sam, client_of):
    client = client_of(sam)
    client.post(reverse(PROFILE), {"chosen_name": "<b>Sam</b>", "pronouns": "", "time_zone": ""})
    page = client.get(reverse(PROFILE)).content.decode()
    assert "<b>Sam" not in page
    assert "&lt;b&gt;Sam" in page


def test_the_notices_cost_the_same_with_one_row_and_with_thirty(sam, client_of, django_assert_num_queries):
    client = client_of(sam)
    for rows in (1, 29):
        Notification.objects.post_many(notice_of(sam) for _row in range(rows))
        with django_assert_num_queries(3):  # session, user, rows
            client.get(reverse("notifications:notices"))


def notice_of(user, **fields):
    kind = {"kind": "accounts.password_reset", "about": uuid.uuid4(), "due_on": NOW.date()}
    return {"recipient": user, "not_before": NOW, "shown_at": NOW} | kind | fields


def test_notices_are_ones_own_and_lead_to_their_page(sam, noor, client_of):
    Notification.objects.post_many([notice_of(sam), notice_of(noor)])
    mine = Notification.objects.get(recipient=sam)
    client = client_of(sam)
    page = client.get(reverse("notifications:notices")).content.decode()
    assert page.count("asked for a new password") == 2  # the sentence, and the name of its link
    assert reverse("notifications:notice", args=[mine.pk]) in page
    response = client.get(reverse("notifications:notice", args=[mine.pk]))
    assert (response.status_code, response.url) == (302, reverse("account_change_password"))
    mine.refresh_from_db()
    assert mine.read_at is not None
    other = Notification.objects.get(recipient=noor)
    assert client.get(reverse("notifications:notice", args=[other.pk])).status_code == 404


def test_a_notice_that_waits_to_be_shown_is_not_shown(sam, client_of):
    Notification.objects.post(**notice_of(sam, shown_at=None))
    page = client_of(sam).get(reverse("notifications:notices")).content.decode()
    assert "asked for a new password" not in page


def test_a6_whoever_left_reads_their_names_and_changes_none(luz, client_of):
    browser = client_of(luz)
    page = browser.get(reverse(PROFILE))
    assert page.status_code == 200
    assert "Luz" in page.content.decode()
    assert 'name="chosen_name"' not in page.content.decode()
    assert browser.post(reverse(PROFILE), {"chosen_name": "Other"}).status_code == 404
    assert User.objects.get(pk=luz.pk).chosen_name == "Luz"
    for name in ("account_change_password", "mfa_index"):
        assert browser.get(reverse(name)).status_code == 200


def test_an_address_is_stored_in_small_letters(db):
    made = User.objects.create_user("zed", email="Zed@People.Example", role=Role.CLIENT, chosen_name="Zed")
    assert User.objects.get(pk=made.pk).email == "zed@people.example"
