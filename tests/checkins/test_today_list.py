from datetime import date, timedelta

import pytest

from accounts.models import AccessRecord, CareTeamMember, Stay, User
from accounts.roles import Role
from checkins.answers import Answers
from checkins.changes import fell_silent, worth_a_look
from checkins.models import CheckIn
from tests.checkins.conftest import SENTINEL, body

TODAY = date(2026, 11, 24)


def days(*rows):
    """Answers of neighbouring days, the last of today."""
    first = TODAY - timedelta(days=len(rows) - 1)
    return [(first + timedelta(days=number), Answers(**row)) for number, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        (days({"urge": 1}, {"urge": 3}), ["Urge went from 1 to 3 since Monday, 23 November."]),
        (days({"urge": 1}, {"urge": 2}), []),
        (days({"urge": 4}), ["Urge is 4 of 5."]),
        (days({"urge": 3}), []),
        (
            days(*[{"mood": 4}] * 4, {"mood": 2}),
            ["Said “Hard” today. Most days before were nearer to “Good”."],
        ),
        (days(*[{"mood": 4}] * 4, {"mood": 3}), []),
        (days(*[{"mood": 4}] * 3, {"mood": 2}), []),
        (days({"closeness": 3}, {"closeness": 1}), ["Close to others went from 3 to 1."]),
        (days({"closeness": 1}, {"closeness": 0}), []),
        (days({"closeness": 4}, {"closeness": 2}), []),
        (days({"sleep": 1}, {"sleep": 0}, {"sleep": 1}), ["Little sleep for 3 nights."]),
        (days({"sleep": 1}, {"sleep": 2}, {"sleep": 1}), []),
        (days({"sleep": 1}, {"sleep": 1}), []),
        (days({"sleep": 1}, {}, {"sleep": 1}), []),
        ([], []),
    ],
)
def test_a_change_is_said_in_one_sentence(said, sentences):
    assert worth_a_look(said, TODAY) == sentences


def test_silence_after_daily_answers_is_a_change():
    daily = {TODAY - timedelta(days=number) for number in range(2, 7)}
    assert fell_silent(daily, TODAY)
    assert not fell_silent(daily | {TODAY}, TODAY)
    assert not fell_silent(daily | {TODAY - timedelta(days=1)}, TODAY)
    assert not fell_silent(daily - {TODAY - timedelta(days=4)}, TODAY)


def looked_at(by):
    what = AccessRecord.What.CHECK_IN
    return set(AccessRecord.objects.filter(actor=by, what=what).values_list("subject_id", flat=True))


def test_a5_only_whose_answers_stand_there_are_noted(client_of, sam, ana, said, frozen):
    anas = client_of(ana)
    said(sam, days_ago=1, note=SENTINEL)
    assert SENTINEL not in body(anas.get("/check-ins/"))
    assert looked_at(ana) == set()
    said(sam, note=SENTINEL)
    assert SENTINEL in body(anas.get("/check-ins/"))
    assert looked_at(ana) == {sam.pk}


def test_who_asked_for_someone_comes_first_and_once(client_of, sam, ana, said, frozen):
    said(sam, days_ago=1, urge=0)
    said(sam, urge=5, need="talk")
    people = client_of(ana).get("/check-ins/").context["people"]
    assert [row.client for row in people.asked] == [sam]
    assert (people.changed, people.answered, people.not_yet) == ([], [], [])


def test_another_clinicians_people_are_not_there(client_of, sam, dev, said, frozen):
    said(sam, note=SENTINEL)
    devs = client_of(dev)
    assert SENTINEL not in body(devs.get("/check-ins/"))
    assert devs.get(f"/check-ins/{sam.pk}/").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(
    client_of, ana, said, frozen, number, django_assert_num_queries
):
    for count in range(number):
        person = User.objects.create(username=f"p{count}", role=Role.CLIENT, chosen_name=f"P{count}")
        Stay.objects.create(client=person, admitted_on=TODAY - timedelta(days=30))
        CareTeamMember.objects.create(client=person, clinician=ana)
        said(person, urge=2)
    anas = client_of(ana)
    with django_assert_num_queries(QUERIES):
        assert anas.get("/check-ins/").status_code == 200


QUERIES = 8


@pytest.mark.parametrize(("weeks", "shown"), [("2", False), ("6", True), ("12", True)])
def test_the_picture_spans_the_weeks_asked_for(client_of, sam, ana, said, frozen, weeks, shown):
    said(sam, days_ago=20, note=SENTINEL, urge=0)
    said(sam, urge=3)
    for browser, address in (
        (client_of(ana), f"/check-ins/{sam.pk}/"),
        (client_of(sam), "/check-in/history/"),
    ):
        response = browser.get(f"{address}?weeks={weeks}")
        assert (SENTINEL in body(response)) is shown
        assert len(response.context["picture"].trend) == 7 * int(weeks)
        assert browser.get(f"{address}?weeks=3").status_code == 404
    assert looked_at(ana) == {sam.pk}


def test_a_gap_stays_a_gap_in_the_small_pictures(client_of, sam, ana, said, frozen):
    for days_ago, urge in ((0, 0), (1, 2), (4, 0)):
        said(sam, days_ago=days_ago, urge=urge)
    [urge] = client_of(ana).get(f"/check-ins/{sam.pk}/").context["small"]
    assert (len(urge.runs), len(urge.dots)) == (2, 3)
    assert CheckIn.objects.count() == 3
