"""What could not be delivered: seen by managers, tried again or left, and never what it is about."""

import uuid
from datetime import timedelta

import pytest

from notifications.models import TOO_LATE, Heartbeat, Notification, Preference
from tests.home.conftest import NOW, TODAY, squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
URL = "/undelivered/"
State = Notification.State


def dead(person, kind="checkins.reminder", **fields):
    given = {"state": State.DEAD, "attempts": 5, "error": "TimeoutError", "shown_at": NOW, "due_on": TODAY}
    return Notification.objects.create(
        recipient=person, kind=kind, about=uuid.uuid4(), not_before=NOW, **given | fields
    )


def page_of(client, url=URL):
    response = client.get(url)
    assert response.status_code == 200
    return squeezed(response.content.decode())


def test_a_manager_reads_to_whom_why_and_how_often(sam, mara, client_of):
    dead(sam)
    page = page_of(client_of(mara))
    assert f"<bdi>{sam}</bdi>" in page
    assert "A message · tried 5 times" in page
    assert "The mail server did not answer in time." in page
    assert "TimeoutError" not in page


@pytest.mark.parametrize(
    "kind",
    [
        "checkins.reminder",
        "groups.cancelled",
        "journal.shared",
        "journal.answered",
        "accounts.outreach",
        "accounts.emergency",
        "gone.kind",
    ],
)
def test_k5_what_it_is_about_is_not_said(sam, mara, client_of, kind):
    about = dead(sam, kind)
    page = page_of(client_of(mara))
    assert "<small>A message · tried 5 times</small>" in page
    for telling in ("shared", "talk", "journal", "emergency", str(about.about)):
        assert telling not in page.split('<ul class="agenda">')[1].split("</ul>")[0]


def test_try_again_puts_it_back_into_the_outbox(sam, mara, client_of):
    row = dead(sam)
    response = client_of(mara).post(f"{URL}{row.pk}/retry/", follow=True)
    assert "It goes out again in a moment." in response.content.decode()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error, row.not_before) == (State.DUE, 0, "", NOW)


@pytest.mark.parametrize(
    ("channel", "late", "said"),
    [("notices", None, "do not leave the house"), ("mail", timedelta(minutes=-1), "It is too late for this")],
)
def test_try_again_says_where_it_cannot_go_out_and_keeps_it(sam, mara, client_of, channel, late, said):
    Preference.objects.update_or_create(person=sam, defaults={"channel": channel})
    row = dead(sam, not_after=NOW + late if late else None)
    page = client_of(mara).post(f"{URL}{row.pk}/retry/", follow=True).content.decode()
    assert (said in page, "goes out again" in page) == (True, False)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.DEAD, 5)


def test_leave_it_takes_it_off_the_list_and_the_notice_stands(sam, mara, client_of):
    row = dead(sam)
    client_of(mara).post(f"{URL}{row.pk}/rest/")
    row.refresh_from_db()
    assert row.state == State.NOTED
    assert list(Notification.objects.visible_to(sam)) == [row]
    assert "Everything that went out was taken." in page_of(client_of(mara))


def test_an_address_without_an_account_cannot_be_tried_again_and_can_be_left(mara, client_of):
    row = dead(None, "accounts.invitation", error="SMTPRecipientsRefused", shown_at=None)
    manager = client_of(mara)
    page = page_of(manager)
    assert ("Somebody without an account" in page, "Try again" in page) == (True, False)
    manager.post(f"{URL}{row.pk}/retry/")
    row.refresh_from_db()
    assert row.state == State.DEAD
    manager.post(f"{URL}{row.pk}/rest/")
    row.refresh_from_db()
    assert row.state == State.DROPPED


@pytest.mark.parametrize("state", [State.SENT, State.DUE, State.NOTED])
def test_what_is_not_on_the_list_is_not_there(sam, mara, client_of, state):
    row = dead(sam, state=state)
    manager = client_of(mara)
    assert [manager.post(f"{URL}{row.pk}/{what}/").status_code for what in ("retry", "rest")] == [404, 404]
    row.refresh_from_db()
    assert row.state == state


def test_nobody_but_managers_reads_it_even_past_the_page(sam, ana, mara):
    row = dead(sam)
    seen = [list(Notification.objects.undelivered_seen_by(person)) for person in (sam, ana, mara)]
    assert seen == [[], [], [row]]


def test_today_of_a_manager_has_a_line_while_there_are_any(sam, mara, client_of):
    manager = client_of(mara)
    assert "did not arrive" not in page_of(manager, "/today/")
    row = dead(sam)
    assert "One message did not arrive." in page_of(manager, "/today/")
    row.let_be()
    assert "did not arrive" not in page_of(manager, "/today/")


def test_row_26_staff_read_how_many_an_outage_took(sam, mara, client_of):
    for days in (0, 1, 2, 30):
        dead(sam, state=State.DROPPED, error=TOO_LATE, due_on=TODAY - timedelta(days=days), shown_at=None)
    dead(sam, state=State.DROPPED, error="", shown_at=None)
    said = "3 reminders of the last week came too late, because our server was off."
    assert (said in page_of(client_of(mara)), said in page_of(client_of(mara), "/today/")) == (True, True)


def test_row_23_staff_read_since_when_nothing_goes_out(mara, client_of):
    Heartbeat.lost("mail")
    assert "Messages cannot go out since 10:00 a.m." in page_of(client_of(mara), "/today/")
    Heartbeat.back("mail")
    assert "cannot go out" not in page_of(client_of(mara), "/today/")


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_for_one_and_for_thirty(
    sam, mara, client_of, number, django_assert_num_queries
):
    for _number in range(number):
        dead(sam)
    manager = client_of(mara)
    with django_assert_num_queries(6):  # session, person, rows, count, taken by an outage, ways that are lost
        assert page_of(manager).count("A message ·") == number
