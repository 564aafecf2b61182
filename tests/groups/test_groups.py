"""Groups that come after others, whose agreements change, and that end (B6)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from groups import agreements
from groups.models import Admission, Attendance, Group, Kind, Session
from groups.refusals import ComesAfter, ComesInACircle, GroupGoesOn
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_joining import at_once

TOMORROW = TODAY + timedelta(days=1)


def group(name: str, after: Group | None = None) -> Group:
    return Group.objects.create(name=name, purpose="A try.", kind=Kind.CIRCLE, capacity=5, prerequisite=after)


def came(make_session, client, mara, *marks: str) -> None:
    for n, mark in enumerate(marks):
        session = make_session(day=TODAY - timedelta(days=n + 1))
        Attendance.objects.create(
            session=session, client=client, state=mark, recorded_by=mara, recorded_at=NOW
        )


def page(name: str, *args: object) -> str:
    return reverse(f"groups:{name}", args=args)


def test_b6_who_was_not_there_often_enough_is_told_where_to_go_first(make_session, seeking, sam, mara):
    later = make_session(day=TOMORROW, group=group("Staying on course", seeking))
    came(make_session, sam, mara, "absent", "excused")
    with pytest.raises(ComesAfter, match=r"comes after Seeking safety\. 3 more times there, and you can"):
        later.join(by=sam, now=NOW)
    Attendance.objects.all().delete()
    Session.objects.filter(starts_at__lt=NOW).delete()
    came(make_session, sam, mara, "late", "left_early")
    with pytest.raises(ComesAfter, match="Once more there"):
        later.join(by=sam, now=NOW, or_wait=True)
    assert not later.bookings.exists()


def test_b6_present_late_and_left_early_count_as_having_been_there(make_session, seeking, sam, mara):
    later = make_session(day=TOMORROW, group=group("Staying on course", seeking))
    came(make_session, sam, mara, "present", "late", "left_early")
    assert later.join(by=sam, now=NOW).state == "confirmed"


def test_b6_the_pages_say_beforehand_what_comes_first(frozen, client_of, make_session, seeking, sam, mara):
    later = make_session(day=TOMORROW, group=group("Staying on course", seeking))
    browser = client_of(sam)
    for path in (later.get_absolute_url(), later.group.get_absolute_url()):
        html = browser.get(path).content.decode()
        assert "3 more times there" in html
        assert seeking.get_absolute_url() in html
        assert ">Join<" not in html
    assert later.get_absolute_url() not in browser.get(page("group_list")).content.decode()
    came(make_session, sam, mara, "present", "present", "present")
    assert later.get_absolute_url() in browser.get(page("group_list")).content.decode()
    assert "Join" in browser.get(later.get_absolute_url()).content.decode()


def test_b6_groups_do_not_come_after_each_other_in_a_circle(frozen, client_of, seeking, mara):
    second = group("Second", seeking)
    third = group("Third", second)
    seeking.prerequisite = third
    with pytest.raises(ComesInACircle):
        seeking.keep(by=mara, now=NOW)
    assert Group.objects.get(pk=seeking.pk).prerequisite is None
    given = {"name": "Seeking safety", "purpose": "To feel steady.", "kind": "therapy", "pace": 2}
    given |= {"capacity": 3, "admission": "open", "prerequisite": third.pk}
    answer = client_of(mara).post(page("group_edit", seeking.pk), given)
    assert answer.status_code == 422
    assert "That group comes after this one already." in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_b6_two_who_put_two_groups_after_each_other_at_once_make_no_circle(mara):
    for turn in range(6):
        pair = [group(f"One {turn}"), group(f"Two {turn}")]
        for one, other in (pair, pair[::-1]):
            one.prerequisite_id = other.pk
        results = at_once(lambda one: one.keep(by=mara, now=NOW), pair)
        assert sorted(type(result) for result in results if result) == [ComesInACircle]


def test_b6_each_wording_of_an_agreement_stays_with_how_many_accepted_it(
    frozen, client_of, seeking, sam, noor, mara, dev
):
    seeking.agreement = "Be kind."
    seeking.keep(by=mara, now=NOW)
    for client in (sam, noor):
        seeking.agree(by=client, now=NOW)
    seeking.agreement = "Be on time."
    seeking.keep(by=mara, now=NOW)
    assert not seeking.is_agreed_by(sam)
    seeking.agree(by=sam, now=NOW)
    found = [(one.number, one.text, one.accepted, one.is_now) for one in agreements.versions(seeking)]
    assert found[:2] == [(3, "Be on time.", 1, True), (2, "Be kind.", 2, False)]
    html = client_of(dev).get(page("agreement_versions", seeking.pk)).content.decode()
    assert "Be kind." in html
    assert "Sam" not in html
    assert "Noor" not in html


def test_b6_a_group_ends_when_nothing_is_ahead_and_leaves_lists_and_forms(
    frozen, client_of, make_session, make_series, seeking, mara, dev, sam
):
    make_series(group=seeking).schedule(leads=[dev], by=mara, now=NOW)
    browser = client_of(mara)
    with pytest.raises(GroupGoesOn):
        seeking.end(by=mara, now=NOW)
    html = browser.get(page("group_ending", seeking.pk)).content.decode()
    assert "Every week on Tuesday" in html
    assert browser.post(page("group_ending", seeking.pk)).status_code == 422
    Session.objects.update(cancelled_at=NOW, cancelled_by=mara)
    with pytest.raises(GroupGoesOn):  # its series would go on
        seeking.end(by=mara, now=NOW)
    seeking.series.update(until=TODAY)
    assert browser.post(page("group_ending", seeking.pk)).status_code == 303
    assert not Group.objects.running().exists()
    assert seeking.get_absolute_url() not in client_of(sam).get(page("group_list")).content.decode()
    assert f'value="{seeking.pk}"' not in browser.get(page("series_create")).content.decode()
    assert "Groups that have ended" in browser.get(page("group_manage")).content.decode()
    assert browser.post(page("group_ending", seeking.pk), {"again": "1"}).status_code == 303
    assert Group.objects.running().exists()


def test_b6_the_group_page_says_kind_pace_people_agreement_and_when(
    frozen, client_of, make_series, seeking, mara, dev, sam
):
    seeking.who_is_there, seeking.agreement = "An interpreter on Tuesdays.", "Be kind."
    seeking.keep(by=mara, now=NOW)
    make_series(group=seeking).schedule(leads=[dev], by=mara, now=NOW)
    html = client_of(sam).get(seeking.get_absolute_url()).content.decode()
    for words in ("Therapy", "Steady", "An interpreter on Tuesdays.", "Be kind.", "Every week on Tuesday"):
        assert words in html
    assert "What changed" not in html
    seeking.admission = Admission.CLOSED
    seeking.keep(by=mara, now=NOW)
    html = client_of(sam).get(seeking.get_absolute_url()).text
    assert "Be kind." in html
    assert "Every week on Tuesday" not in html


@pytest.mark.parametrize("number", [1, 30])
def test_lists_of_groups_ask_as_often_for_one_as_for_thirty(
    frozen, client_of, make_session, mara, sam, number, django_assert_max_num_queries
):
    first = group("First")
    for n in range(number):
        make_session(day=TOMORROW + timedelta(days=n), group=group(f"Group {n}", first))
    for who, path, most in (
        (mara, page("group_manage"), 6),
        (sam, page("group_list"), 14),
        (mara, first.get_absolute_url(), 12),
        (mara, page("agreement_versions", first.pk), 6),
        (mara, page("group_ending", first.pk), 9),
    ):
        browser = client_of(who)
        with django_assert_max_num_queries(most):
            assert browser.get(path).status_code == 200


def test_b6_a_change_of_a_group_keeps_the_one_it_comes_after_when_that_has_ended(
    frozen, client_of, seeking, mara
):
    later = group("Staying on course", seeking)
    seeking.end(by=mara, now=NOW)
    given = {"name": "Staying", "purpose": "A try.", "kind": "circle", "pace": 2, "capacity": 5}
    given |= {"admission": "open", "prerequisite": seeking.pk}
    assert seeking.name in client_of(mara).get(page("group_edit", later.pk)).text
    assert client_of(mara).post(page("group_edit", later.pk), given).status_code == 303
    later.refresh_from_db()
    assert (later.name, later.prerequisite) == ("Staying", seeking)
    assert seeking.name not in client_of(mara).get(page("group_create")).text


def test_b6_a_closed_group_that_comes_first_is_named_while_one_can_ask_for_it(
    frozen, client_of, make_session, seeking, sam, dev, mara
):
    Group.objects.filter(pk=seeking.pk).update(admission=Admission.CLOSED)
    later = make_session(day=TOMORROW, group=group("Staying on course", seeking))
    paths = (later.get_absolute_url(), later.group.get_absolute_url())
    assert [seeking.name in client_of(sam).get(path).text for path in paths] == [True, True]
    seeking.end(by=mara, now=NOW)
    for path in paths:
        html = client_of(sam).get(path).text
        assert "ask your care team" in html.lower()
        assert seeking.name not in html
        assert str(seeking.pk) not in html
    with pytest.raises(ComesAfter, match="comes after another one"):
        later.join(by=sam, now=NOW)
    assert seeking.name in client_of(dev).get(later.group.get_absolute_url()).text


def test_b6_a_group_sent_empty_is_answered_as_sent(frozen, client_of, mara):
    response = client_of(mara).post(page("group_create"), {})
    assert response.status_code == 422
    assert "name" in response.context["form"].errors
