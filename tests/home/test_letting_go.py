"""The pages on which a stay ends, and what is left to whoever has left (A6)."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import AccessRecord, CareTeamMember, OutreachTask, User
from groups.models import Booking
from notifications.models import Notification
from recovery_site import actions
from tests.home.conftest import NOW, TODAY, squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
TOMORROW = TODAY + timedelta(days=1)


def address(name: str, person: User) -> str:
    return reverse(f"home:{name}", args=[person.pk])


def read(client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return squeezed(response.content.decode())


def mark_of(page: str) -> str:
    found = re.search(r'name="seen"\s+value="(\w+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def asked(sam):
    return OutreachTask.objects.ask(
        client=sam, reason=OutreachTask.Reason.ASKED, about=uuid.uuid4(), now=NOW - timedelta(hours=1)
    )


@pytest.fixture
def manager(client_of, mara, again):
    return again(client_of(mara), mara)


def confirm(manager, person, page: str, on: date = TODAY):
    return manager.post(address("discharge", person), {"on": on.isoformat(), "seen": mark_of(page)})


def test_a6_the_page_lists_what_ends_with_numbers_days_and_names(manager, sam, noor, ana, make_session):
    group_name = "Unspoken things"
    session = make_session(name=group_name, day=TOMORROW, places=1)
    session.join(by=sam, now=NOW)
    session.join(by=noor, now=NOW, or_wait=True)
    page = read(manager, address("discharge", sam))
    for words in (
        "1 place in a session, on 25 November.",
        "1 person moves up from a waitlist, and is told.",
        "The care team: Ana Ruiz.",
        "For 90 days, until 21 February 2027, they can sign in",
    ):
        assert words in page
    assert group_name not in page  # a manager gets counts
    assert "Noor" not in page
    sam.refresh_from_db()
    assert sam.away_since is None


def test_a6_reading_the_page_is_noted(manager, sam, mara):
    read(manager, address("discharge", sam))
    look = AccessRecord.objects.get()
    assert (look.actor, look.subject_id, look.what) == (mara, sam.pk, "profile")


def test_a6_confirming_does_it_and_a_second_click_shows_that_it_is_done(manager, sam, ana, make_session):
    make_session(day=TOMORROW).join(by=sam, now=NOW)
    page = read(manager, address("discharge", sam))
    for _click in range(2):
        response = confirm(manager, sam, page)
        assert response.status_code in (200, 303)
    sam.refresh_from_db()
    assert sam.away_since == TODAY
    assert sam.bookings.get().state == Booking.State.REMOVED
    done = read(manager, address("discharge", sam))
    assert "The stay has ended" in done
    assert "7 November 2026 to 24 November 2026" in done
    assert 'name="seen"' not in done


def test_a6_a_reach_out_that_came_meanwhile_is_refused_in_words(manager, sam, ana):
    page = read(manager, address("discharge", sam))
    OutreachTask.objects.ask(client=sam, reason=OutreachTask.Reason.ASKED, about=uuid.uuid4(), now=NOW)
    response = confirm(manager, sam, page)
    assert response.status_code == 422
    text = squeezed(response.content.decode())
    assert "Somebody has to see to the reach-out first." in text
    assert "First, somebody waits for a talk" in text
    sam.refresh_from_db()
    assert sam.away_since is None


def test_a6_what_changed_meanwhile_is_shown_and_then_confirmed(manager, sam, make_session):
    page = read(manager, address("discharge", sam))
    make_session(day=TOMORROW).join(by=sam, now=NOW)
    response = confirm(manager, sam, page)
    assert response.status_code == 422
    text = squeezed(response.content.decode())
    assert "Something changed since you opened this page." in text
    assert "1 place in a session, on 25 November." in text
    assert confirm(manager, sam, text).status_code == 303


def test_a6_the_page_without_a_mark_does_nothing(manager, sam):
    response = manager.post(address("discharge", sam), {"on": TODAY.isoformat()})
    assert response.status_code == 422
    assert sam.stays.get().discharged_on is None


@pytest.mark.parametrize("on", ["2026-11-25", "2026-11-06", "", "soon"])
def test_a6_a_day_that_cannot_be_is_refused_beside_the_field(manager, sam, on):
    page = read(manager, address("discharge", sam))
    response = manager.post(address("discharge", sam), {"on": on, "seen": mark_of(page)})
    assert response.status_code == 422
    assert sam.stays.get().discharged_on is None


def test_a6_a_reach_out_is_handed_over_on_the_page(manager, sam, ana, asked):
    page = read(manager, address("discharge", sam))
    assert "a reach-out that nobody has in hand." in page
    assert "asked for someone" not in page  # that one waits, never why
    response = manager.post(address("reach_out_handover", sam), {"to": ana.pk})
    assert response.status_code == 303
    page = read(manager, address("discharge", sam))
    assert "a reach-out that Ana Ruiz has in hand." in page
    assert confirm(manager, sam, page).status_code == 303
    asked.refresh_from_db()
    assert (asked.taken_by, asked.closed_at) == (ana, None)
    assert "A talk stays with Ana Ruiz until Ana Ruiz and Sam have talked." in read(
        manager, address("discharge", sam)
    )


def test_a6_a_reach_out_goes_only_to_one_of_the_care_team(manager, sam, ana, dev, asked):
    response = manager.post(address("reach_out_handover", sam), {"to": dev.pk})
    assert response.status_code == 422
    asked.refresh_from_db()
    assert asked.taken_by is None


def test_a6_its_clinician_closes_it_after_the_discharge(manager, client_of, sam, ana, mara, asked):
    actions.hand_over_reach_outs(client=sam, to=ana, by=mara, now=NOW)
    actions.discharge(client=sam, on=TODAY, by=mara, now=NOW)
    clinician = client_of(ana)
    today = read(clinician, "/today/")
    assert "Has left the house." in today
    assert address("person", sam) not in today
    assert clinician.get(address("person", sam)).status_code == 404
    closing = reverse("home:outreach_closing", args=[asked.pk])
    assert clinician.post(closing).status_code == 303
    asked.refresh_from_db()
    assert asked.closed_by == ana


def test_a6_somebody_without_a_stay_cannot_be_discharged(manager, db):
    fern = User.objects.create(username="fern", role="client", chosen_name="Fern")
    assert manager.get(address("discharge", fern)).status_code == 404


def test_a6_a_death_is_noted_on_a_page_of_its_own(manager, sam, ana, asked, mailoutbox):
    Notification.objects.post(
        recipient=sam, kind="checkins.reminder", about=uuid.uuid4(), due_on=TODAY, not_before=NOW
    )
    page = read(manager, address("death", sam))
    assert "so that nothing is sent to it any more" in page
    for _click in range(2):
        died = {"on": TODAY.isoformat(), "name": " sam "}
        assert manager.post(address("death", sam), died).status_code == 303
    sam.refresh_from_db()
    assert not sam.is_active
    assert [row.state for row in Notification.objects.filter(recipient=sam)] == ["dropped"]
    assert not CareTeamMember.objects.standing().exists()


def test_a6_before_a_death_is_noted_the_manager_shows_that_it_is_them(client_of, mara, sam):
    browser, path = client_of(mara), address("death", sam)
    response = browser.post(path, {"on": TODAY.isoformat()})
    assert (response.status_code, response["Location"]) == (303, path)
    assert browser.get(path)["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.get(pk=sam.pk).is_active


def test_a5_a_look_at_the_page_of_a_death_is_noted(manager, sam, mara):
    read(manager, address("death", sam))
    assert AccessRecord.objects.get().subject_id == sam.pk


@pytest.mark.parametrize("name", ["", "Noor", "Samuel"])
def test_a6_nobody_is_taken_for_dead_in_the_place_of_somebody_else(name, manager, sam):
    assert manager.post(address("death", sam), {"on": TODAY.isoformat(), "name": name}).status_code == 422
    sam.refresh_from_db()
    assert sam.is_active


@pytest.mark.parametrize("on", ["2026-11-25", "2026-11-06", ""])
def test_a6_a_day_of_death_that_cannot_be_is_refused(manager, sam, on):
    assert manager.post(address("death", sam), {"on": on, "name": "Sam"}).status_code == 422
    sam.refresh_from_db()
    assert sam.is_active


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_needs_as_many_queries_for_many_places_as_for_one(
    rows, manager, sam, noor, make_session, django_assert_num_queries
):
    """Those with people on their waitlist too."""
    for number in range(rows):
        session = make_session(name=f"Group {number}", day=TOMORROW + timedelta(days=number), places=1)
        session.join(by=sam, now=NOW)
        session.join(by=noor, now=NOW, or_wait=True)
    read(manager, address("discharge", sam))
    with django_assert_num_queries(16):
        page = read(manager, address("discharge", sam))
    assert f"{rows} pe" in page  # who move up
