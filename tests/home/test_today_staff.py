"""What a clinician, an editor and a manager meet, and what each of them does not."""

import uuid
from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, CareTeamMember, Contact, Invitation, OutreachTask, Stay, User
from accounts.roles import Role
from checkins.answers import Answers
from checkins.models import CheckIn
from groups.models import Edit, Session
from notifications.models import Heartbeat
from tests.home.conftest import NOW, TODAY, squeezed
from tests.home.test_public import publish, write_article

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
URL = "/today/"
SENTINEL = "heron-over-the-mill-pond"


def page_of(client: Client) -> str:
    response = client.get(URL)
    assert response.status_code == 200
    return squeezed(response.content.decode())


def asked(client: User, **ago: float) -> OutreachTask:
    return OutreachTask.objects.ask(
        client=client, reason="asked", about=uuid.uuid4(), now=NOW - timedelta(**ago)
    )


def another_client_of(clinician: User, number: int) -> User:
    name = f"client-{number}"
    client = User.objects.create(username=name, chosen_name=f"Client {number}", role=Role.CLIENT)
    Stay.objects.create(client=client, admitted_on=TODAY)
    CareTeamMember.objects.create(client=client, clinician=clinician)
    return client


def test_when_nobody_waits_the_page_says_so(ana, client_of):
    page = page_of(client_of(ana))
    assert "<h1>Nobody is waiting for you.</h1>" in page
    assert "They need someone" not in page
    assert "You lead no group today." in page
    assert "Left to record" not in page


def test_the_heading_counts_people_in_words(sam, ana, client_of):
    client = client_of(ana)
    asked(sam, minutes=25)
    assert "<h1>One person is waiting for you.</h1>" in page_of(client)
    asked(sam, minutes=5)
    assert "<h1>One person is waiting for you.</h1>" in page_of(client)
    for number in range(2):
        asked(another_client_of(ana, number), days=number + 1)
    page = page_of(client)
    assert "<h1>Three people are waiting for you.</h1>" in page
    assert "9:35 a.m.<small>25 min ago</small>" in page
    assert "Mon<small>morning</small>" in page
    assert "2 days</time>" in page


def test_whoever_asked_comes_first_and_whoever_a_colleague_goes_to_last(sam, ana, dev, client_of):
    people = [another_client_of(ana, number) for number in range(3)]
    asked(people[0], days=3).take(by=dev, now=NOW)
    OutreachTask.objects.ask(
        client=people[1], reason="missed_sessions", about=people[1].pk, now=NOW - timedelta(days=2)
    )
    asked(people[2], minutes=5)
    asked(sam, minutes=9)
    page = page_of(client_of(ana))
    order = sorted([sam, *people], key=lambda person: page.index(f"<bdi>{person}</bdi>"))
    assert order == [sam, people[2], people[1], people[0]]


def test_only_the_care_team_reads_who_waits(sam, noor, ana, dev, client_of):
    task = asked(sam)
    asked(noor)
    page = page_of(client_of(ana))
    assert reverse("home:outreach_taking", args=[task.pk]) in page
    assert "Noor" not in page
    assert "Nobody is waiting for you." in page_of(client_of(dev))


def test_i_will_go_and_then_i_talked_to_them(sam, ana, client_of):
    task = asked(sam)
    client = client_of(ana)
    response = client.post(reverse("home:outreach_taking", args=[task.pk]))
    assert (response.status_code, response.headers["Location"]) == (303, URL)
    page = page_of(client)
    assert "I will go" not in page
    assert "We talked" in page
    assert client.post(reverse("home:outreach_closing", args=[task.pk])).status_code == 303
    assert "Nobody is waiting for you." in page_of(client)
    assert Contact.objects.get().clinician == ana
    assert client.post(reverse("home:outreach_closing", args=[task.pk])).status_code == 303
    assert Contact.objects.count() == 1


def test_whoever_a_colleague_goes_to_does_not_wait_for_me(sam, ana, dev, client_of):
    CareTeamMember.objects.create(client=sam, clinician=dev)
    task = asked(sam)
    assert task.take(by=dev, now=NOW)
    client = client_of(ana)
    page = page_of(client)
    assert "Nobody is waiting for you." in page
    assert "Dev Patel is going" in page
    client.post(reverse("home:outreach_taking", args=[task.pk]))
    assert "Dev Patel is going already." in page_of(client)
    task.refresh_from_db()
    assert task.taken_by == dev


@pytest.mark.parametrize("name", ["home:outreach_taking", "home:outreach_closing"])
def test_nobody_else_can_answer_and_nobody_learns_of_it(name, cast, client_of):
    address = reverse(name, args=[asked(cast["sam"]).pk])
    for username in ("sam", "noor", "dev", "eli", "mara"):
        assert client_of(cast[username]).post(address).status_code == 404
    assert Client().post(address).status_code == 302
    assert client_of(cast["ana"]).get(address).status_code == 405
    assert client_of(cast["ana"]).post(reverse(name, args=[uuid.uuid4()])).status_code == 404
    assert OutreachTask.objects.open().filter(taken_at=None).count() == 1


def test_groups_of_today_show_places_and_who_waits(sam, noor, ana, dev, client_of, make_session, book):
    mine = make_session("Morning circle", time(10, 10), lead=ana)
    book(mine, sam)
    book(mine, noor, "waitlisted")
    later = make_session("Evening circle", time(19), lead=ana)
    make_session("Of another", time(11), lead=dev)
    make_session("Of tomorrow", lead=ana, day=TODAY + timedelta(days=1))
    page = page_of(client_of(ana))
    assert "1 of 8" in page
    assert "1 waiting" in page
    assert reverse("groups:attendance", args=[mine.pk]) in page
    assert reverse("groups:attendance", args=[later.pk]) not in page
    assert "Of another" not in page
    assert "Of tomorrow" not in page


def test_b7_unrecorded_people_are_left_to_record(sam, noor, ana, client_of, make_session, book):
    session = make_session("Clay and color", lead=ana, day=TODAY - timedelta(days=1))
    book(session, sam)
    book(session, noor)
    client = client_of(ana)
    assert "<strong>Clay and color</strong>, Monday: 2 people unrecorded." in page_of(client)
    session.record({sam.pk: "present", noor.pk: "late"}, by=ana, now=NOW)
    assert "unrecorded" not in page_of(client)


def test_ones_people_are_counts_and_no_look_is_noted(sam, noor, ana, client_of):
    client = client_of(ana)
    assert "One client. Nobody has checked in yet today." in page_of(client)
    CheckIn.objects.answer(Answers(mood=1, note=SENTINEL), by=sam, now=NOW)
    page = page_of(client)
    assert "One client. One has checked in today." in page
    assert SENTINEL not in page
    assert not AccessRecord.objects.exists()


def test_most_say_needs_a_crowd_that_hides_each_of_them(sam, ana, client_of):
    people = [sam, *(another_client_of(ana, number) for number in range(3))]
    for mood, person in zip((3, 4, 4), people, strict=False):
        CheckIn.objects.answer(Answers(mood=mood), by=person, now=NOW)
    assert "Four clients. Three have checked in today; most say mixed or good." in page_of(client_of(ana))


@pytest.mark.parametrize("name", ["ana", "mara"])
def test_k8_a_silent_engine_is_told_to_staff(name, cast, client_of):
    words = "Reminders and messages are not going out just now."
    client = client_of(cast[name])
    assert words in page_of(client)
    for part in ("beat", "worker"):
        Heartbeat.beat(part)
    assert words not in page_of(client)


def test_an_editor_reads_drafts_and_what_is_out_and_no_client(eli, sam, ana, client_of):
    client = client_of(eli)
    assert "Nothing is waiting for you." in page_of(client)
    draft = write_article(eli, "The first weekend")
    publish(write_article(eli, "Small acts", NOW), eli, NOW)
    asked(sam)
    page = page_of(client)
    assert "<h1>One draft is waiting for you.</h1>" in page
    assert reverse("faq:piece_edit", args=["articles", draft.pk]) in page
    assert "Small acts" in page
    assert "Sam" not in page


def test_a_manager_reads_that_somebody_waits_and_never_who_or_why(sam, noor, ana, mara, client_of):
    client = client_of(mara)
    assert "<h1>Nobody is waiting for a talk.</h1>" in page_of(client)
    CheckIn.objects.answer(Answers(mood=1, need="talk", note=SENTINEL), by=sam, now=NOW)
    asked(sam)
    asked(noor).take(by=ana, now=NOW)
    asked(another_client_of(ana, 1)).close(by=ana, now=NOW)
    page = page_of(client)
    assert "<h1>Two people are waiting for a talk.</h1>" in page
    assert "Nobody has gone to one of them yet." in page
    for hidden in ("Sam", "Noor", SENTINEL, "asked for someone"):
        assert hidden not in page


def test_a_manager_reads_the_day_of_the_house(sam, noor, ana, mara, client_of, make_session, book):
    session = make_session("Morning circle", lead=ana, places=1)
    book(session, sam)
    book(session, noor, "waitlisted")
    make_session("Unled", time(15))
    Invitation.objects.issue(role=Role.CLIENT, by=mara, now=NOW)
    Invitation.objects.issue(role=Role.EDITOR, by=mara, now=NOW - timedelta(days=8))
    page = page_of(client_of(mara))
    for fact in ("People who live here</dt><dd>2", "Sessions</dt><dd>2", "Places taken</dt><dd>1"):
        assert fact in page
    assert "One session has nobody to lead it." in page
    assert "Client, until Tuesday, 1 December" in page
    assert "Editor, until" not in page


def test_t7_a_day_that_a_change_took_out_is_not_cancelled_for_staff(ana, mara, client_of, make_session):
    session = make_session("Morning circle", lead=ana)
    session.cancel(by=mara, now=NOW)
    assert "Cancelled</dt><dd>1" in page_of(client_of(mara))
    assert "Morning circle" in page_of(client_of(ana))
    edit = Edit.objects.create(session=session, scope="this", edited_by=mara, edited_at=NOW, before={})
    Session.objects.update(withdrawn_by=edit)
    assert "Cancelled</dt>" not in page_of(client_of(mara))
    assert "Morning circle" not in page_of(client_of(ana))


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("name", "queries"), [("ana", 10), ("eli", 5), ("mara", 11)])
def test_t2_queries_do_not_grow(
    rows, name, queries, cast, client_of, make_session, book, django_assert_num_queries
):
    for number in range(rows):
        person = another_client_of(cast["ana"], number)
        asked(person, days=number)
        CheckIn.objects.answer(Answers(mood=3), by=person, now=NOW)
        at = time(7 + number // 4, number % 4 * 15)
        book(make_session(f"Today {number}", at, lead=cast["ana"], minutes=15), person)
        yesterday = TODAY - timedelta(days=1)
        book(make_session(f"Before {number}", at, lead=cast["ana"], day=yesterday, minutes=15), person)
        publish(write_article(cast["eli"], f"Out {number}"), cast["eli"], timezone.now())
        write_article(cast["eli"], f"Draft {number}")
        Invitation.objects.issue(role=Role.CLIENT, by=cast["mara"], now=NOW)
    client = client_of(cast[name])
    with django_assert_num_queries(queries):
        client.get(URL)


def test_a5_that_somebody_missed_sessions_is_a_look_once_an_hour(sam, noor, ana, client_of, frozen):
    CareTeamMember.objects.get_or_create(client=noor, clinician=ana)
    asked(noor, minutes=5)
    OutreachTask.objects.ask(client=sam, reason="missed_sessions", about=uuid.uuid4(), now=NOW)
    looks = AccessRecord.objects.filter(actor=ana).values_list("subject_id", "what")
    for minutes in (0, 5, 59):
        frozen.move_to(NOW + timedelta(minutes=minutes))
        assert "Sam" in page_of(client_of(ana))
        assert list(looks.all()) == [(sam.pk, "attendance")]
    frozen.move_to(NOW + timedelta(minutes=61))
    page_of(client_of(ana))
    assert looks.all().count() == 2
