"""The pages of a closed group's members, and of asking to come (B6)."""

from datetime import time, timedelta

import pytest

from accounts.models import AccessRecord, CareTeamMember
from groups.models import Admission, Group, JoinRequest, Membership
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
DAY = timedelta(days=1)


@pytest.fixture
def closed(seeking, make_series, dev, mara) -> Group:
    """Led by Dev, on Tuesdays in the evening."""
    seeking.admission = Admission.CLOSED
    seeking.save()
    make_series().schedule(leads=[dev], by=mara, now=NOW)
    return seeking


def words(response) -> str:
    return " ".join(response.text.split())


def test_b6_a_client_reads_a_closed_group_without_its_times_and_people(client_of, closed, sam, noor, dev):
    closed.add_member(noor, starts_on=TODAY, by=dev, now=NOW)
    html = words(client_of(sam).get(closed.get_absolute_url()))
    assert "Ask to come" in html
    assert "Only members see its times." in html
    for secret in ("Noor", "Tuesday", "6:00", "/sessions/"):
        assert secret not in html
    assert "Every week on Tuesday" in words(client_of(noor).get(closed.get_absolute_url()))


def test_b6_a_client_asks_takes_it_back_and_asks_again(client_of, closed, sam):
    browser, path = client_of(sam), closed.get_absolute_url()
    for _twice in range(2):
        response = browser.post(page("join_request", closed.pk))
        assert (response.status_code, response.headers["Location"]) == (303, path)
    html = words(browser.get(path))
    assert "You asked on Tuesday, 24 November." in html
    assert "You, Ana" not in html
    assert "Dev Patel can see this." in html
    for _twice in range(2):
        assert browser.post(page("join_request_withdrawal", closed.pk)).headers["Location"] == path
    assert [row.answer for row in JoinRequest.objects.all()] == ["taken_back"]
    assert "Ask to come" in words(browser.get(path))
    assert browser.post(page("join_request", closed.pk)).status_code == 303


def test_b6_asking_without_the_promise_says_what_is_missing(client_of, closed, sam):
    Group.objects.filter(pk=closed.pk).update(agreement="Be kind.")
    response = client_of(sam).post(page("join_request", closed.pk))
    assert response.status_code == 422
    assert "Please read the agreement and tick the box under it first." in words(response)
    assert client_of(sam).post(page("join_request", closed.pk), {"agreed": "1"}).status_code == 303


def test_b6_who_was_added_by_staff_reads_the_promise_and_gives_it(client_of, closed, sam, dev):
    Group.objects.filter(pk=closed.pk).update(agreement="Be kind.")
    closed.add_member(sam, starts_on=TODAY, by=dev, now=NOW)
    browser, path = client_of(sam), page("group_promise", closed.pk)
    assert "I have read this, and I promise it too." in words(browser.get(closed.get_absolute_url()))
    for wrong in ({}, {"agreed": "2"}):
        response = browser.post(path, wrong)
        assert response.status_code == 422
        assert "tick the box under it first" in words(response)
    for _twice in range(2):
        assert browser.post(path, {"agreed": "1"}).headers["Location"] == closed.get_absolute_url()
    assert "I promise it too" not in words(browser.get(closed.get_absolute_url()))
    Group.objects.filter(pk=closed.pk).update(agreement_version=2)
    assert "I promise it too" in words(browser.get(closed.get_absolute_url()))


def test_b6_nobody_asks_for_what_is_open_or_over(client_of, seeking, sam, mara):
    response = client_of(sam).post(page("join_request", seeking.pk))
    assert (response.status_code, JoinRequest.objects.count()) == (422, 0)
    Group.objects.update(admission=Admission.CLOSED)
    seeking.end(by=mara, now=NOW)
    assert client_of(sam).post(page("join_request", seeking.pk)).status_code == 404
    assert client_of(sam).get(seeking.get_absolute_url()).status_code == 404


def test_b6_who_leads_welcomes_who_asks_and_adds_others(client_of, closed, sam, noor, dev):
    asked, browser = closed.ask_to_join(by=noor, now=NOW), client_of(dev)
    html = words(browser.get(page("member_list", closed.pk)))
    assert "They would like to come" in html
    assert page("join_request_welcome", asked.pk) in html
    given = {"starts_on": "2026-11-24", "ends_on": "2026-12-08"}
    response = browser.post(page("join_request_welcome", asked.pk), given)
    assert (response.status_code, response.headers["Location"]) == (303, page("member_list", closed.pk))
    assert noor.bookings.confirmed().count() == 3
    assert (
        browser.post(
            page("member_list", closed.pk), {"client": sam.pk, "starts_on": "2026-12-01"}
        ).status_code
        == 303
    )
    html = words(browser.get(page("member_list", closed.pk)))
    assert "24 November to 8 December" in html
    assert "from 1 December on" in html
    assert set(AccessRecord.objects.values_list("subject_id", flat=True)) == {sam.pk, noor.pk}


def test_b6_not_now_is_told_and_the_page_says_how_to_go_on(client_of, closed, noor, dev):
    asked, browser = closed.ask_to_join(by=noor, now=NOW), client_of(dev)
    for _twice in range(2):
        response = browser.post(page("join_request_refusal", asked.pk))
        assert response.headers["Location"] == page("member_list", closed.pk)
    assert browser.get(page("join_request_welcome", asked.pk)).status_code == 303
    given = {"starts_on": "2026-11-24"}
    response = browser.post(page("join_request_welcome", asked.pk), given)
    assert response.status_code == 422
    assert "This request has its answer already." in words(response)
    assert "You can ask again at any time." in words(client_of(noor).get(closed.get_absolute_url()))


def test_b6_who_does_not_lead_sees_and_adds_their_own_clients_alone(client_of, closed, sam, noor, ana, dev):
    closed.add_member(noor, starts_on=TODAY, by=dev, now=NOW)
    path, browser = page("member_list", closed.pk), client_of(ana)
    html = words(browser.get(path))
    assert "Noor" not in html
    assert "Those who lead the group and their care teams see who." in html
    assert browser.post(path, {"client": noor.pk, "starts_on": "2026-11-24"}).status_code == 422
    assert browser.post(path, {"client": sam.pk, "starts_on": "2026-11-24"}).status_code == 303
    assert browser.get(page("membership_ending", Membership.objects.get(client=noor).pk)).status_code == 404
    assert browser.get(page("membership_ending", Membership.objects.get(client=sam).pk)).status_code == 200


def test_b6_a_manager_reads_numbers_and_no_name(client_of, closed, sam, noor, dev, mara):
    closed.add_member(sam, starts_on=TODAY, by=dev, now=NOW)
    closed.ask_to_join(by=noor, now=NOW)
    response = client_of(mara).get(page("member_list", closed.pk))
    html = words(response)
    assert "1 person" in html
    assert "One person asks to come." in html
    assert "Sam" not in html
    assert "Noor" not in html
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"starts_on": "2026-11-23"}, "Choose a day from today on, within a year."),
        ({"starts_on": "2026-11-26", "ends_on": "2026-11-25"}, "The last day comes before the first."),
        ({"starts_on": "2026-11-26", "ends_on": "2099-11-25"}, "Choose a day within a year of the first."),
        ({}, "Please fill this in."),
    ],
)
def test_b6_days_that_cannot_be_are_refused_beside_the_field(client_of, closed, sam, dev, given, told):
    response = client_of(dev).post(page("member_list", closed.pk), {"client": sam.pk, **given})
    html = words(response)
    assert response.status_code == 422
    assert told in html
    assert f'<option value="{sam.pk}" selected' in html
    assert not Membership.objects.exists()


def test_b6_staff_set_the_last_day_and_a_client_leaves_at_once(client_of, closed, sam, noor, dev):
    hers = closed.add_member(noor, starts_on=TODAY, by=dev, now=NOW)
    mine = closed.add_member(sam, starts_on=TODAY, by=dev, now=NOW)
    browser, path = client_of(dev), page("membership_ending", hers.pk)
    assert browser.post(path, {"on": "2026-11-20"}).status_code == 422
    assert browser.post(path, {"on": "2026-12-01"}).headers["Location"] == page("member_list", closed.pk)
    assert noor.bookings.confirmed().count() == 2
    path = page("membership_ending", mine.pk)
    assert "You need not say why." in words(client_of(sam).get(path))
    assert client_of(noor).get(path).status_code == 404
    for _twice in range(2):
        assert client_of(sam).post(path).headers["Location"] == closed.get_absolute_url()
    assert not sam.bookings.active().exists()
    assert "Ask to come" in words(client_of(sam).get(closed.get_absolute_url()))


def test_c3_staff_read_who_could_not_be_put_on_a_list(client_of, closed, make_session, other_group, sam, dev):
    make_session(at=time(18), **other_group("Art")).join(by=sam, now=NOW)
    closed.add_member(sam, starts_on=TODAY, by=dev, now=NOW)
    html = words(client_of(dev).get(page("member_list", closed.pk)))
    assert "1 person could not be put on a list" in html
    assert "Tue 24 Nov, 6:00 p.m." in html
    assert "Art" not in html


def test_b6_where_everybody_comes_the_page_says_who_has_no_place(client_of, closed, sam, dev, mara, ana):
    Group.objects.update(admission=Admission.MANDATORY, capacity=1)
    residents(2)
    closed.sessions.expect_people(NOW)
    html = words(client_of(dev).get(page("member_list", closed.pk)))
    assert "2 people could not be put on a list" in html
    assert "Add somebody" not in html
    assert "could not" not in words(client_of(mara).get(page("member_list", closed.pk)))


@pytest.mark.parametrize("number", [1, 30])
def test_the_members_cost_as_many_queries_for_one_as_for_thirty(
    number, client_of, closed, dev, ana, django_assert_num_queries
):
    Group.objects.update(capacity=40)
    people = residents(2 * number)
    for one, other in zip(people[:number], people[number:], strict=True):
        Membership.objects.create(group=closed, client=one, starts_on=TODAY, added_by=dev, added_at=NOW)
        JoinRequest.objects.create(group=closed, client=other, asked_at=NOW)
        CareTeamMember.objects.create(client=one, clinician=ana)
    browser = client_of(dev)
    browser.get(page("member_list", closed.pk))  # the looks are noted
    with django_assert_num_queries(13):
        browser.get(page("member_list", closed.pk))


def test_b6_a_member_leaves_one_session_on_its_page_and_comes_back(client_of, closed, sam, dev):
    closed.add_member(sam, starts_on=TODAY, by=dev, now=NOW)
    session, browser = closed.sessions.in_order()[0], client_of(sam)
    path = session.get_absolute_url()
    assert browser.post(page("cancellation", session.pk)).headers["Location"] == path
    assert "Join" in words(browser.get(path))
    closed.sessions.expect_people(NOW)
    assert not session.bookings.active().exists()
    assert browser.post(page("booking", session.pk)).headers["Location"] == path
    assert session.bookings.confirmed().get().client == sam
