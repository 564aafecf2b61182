"""A session that nobody leads: who takes it on, and who cannot."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from groups.models import Facilitator, Room
from groups.refusals import CalledOff, LeadsElsewhere, LedAlready, Over, Refused
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")


def test_a_clinician_takes_on_a_session_that_nobody_leads(client_of, ana, dev, make_session):
    session = make_session()
    html = client_of(dev).get(page("schedule")).content.decode()
    assert "Seeking safety needs someone to lead it" in html
    assert page("leadership", session.pk) in html
    assert "I will lead it" in client_of(dev).get(session.get_absolute_url()).content.decode()
    for _ in range(2):
        response = client_of(dev).post(page("leadership", session.pk))
        assert (response.status_code, response.headers["Location"]) == (303, session.get_absolute_url())
    assert [row.person for row in session.facilitators.all()] == [dev]
    assert "I will lead it" not in client_of(ana).get(session.get_absolute_url()).content.decode()
    assert "needs someone" not in client_of(ana).get(page("schedule")).content.decode()


def test_a_manager_is_not_asked_to_lead(client_of, mara, make_session):
    session = make_session()
    for path in (page("schedule"), session.get_absolute_url()):
        assert "I will lead it" not in client_of(mara).get(path).content.decode()
    assert client_of(mara).post(page("leadership", session.pk)).status_code == 404


def test_c2_who_leads_elsewhere_is_refused_in_words(client_of, dev, make_session):
    studio = Room.objects.create(name="Studio", capacity=5)
    make_session(at=time(13, 30), room=studio, lead=dev)
    session = make_session()
    response = client_of(dev).post(page("leadership", session.pk))
    html = " ".join(response.content.decode().split())
    assert response.status_code == 422
    assert "You lead Seeking safety at that time (Tuesday, 24 November, 1:30 p.m.)." in html
    assert not session.facilitators.exists()
    with pytest.raises(LeadsElsewhere):
        session.take_over(by=dev, now=NOW)


def test_c2_a_cancelled_session_and_one_that_ends_as_this_begins_hold_nobody(ana, dev, make_session):
    studio = Room.objects.create(name="Studio", capacity=5)
    make_session(at=time(13, 30), room=studio, lead=dev).cancel(by=dev, now=NOW)
    make_session(at=time(12), minutes=60, room=studio, lead=dev)
    session = make_session()
    session.take_over(by=dev, now=NOW)
    assert session.led_by(dev)


def test_what_somebody_leads_or_is_off_or_over_is_not_taken(ana, dev, make_session):
    over, off, led = make_session(at=time(8)), make_session(), make_session(at=time(16), lead=ana)
    off.cancel(by=ana, now=NOW)
    for session, refusal in ((over, Over), (off, CalledOff), (led, LedAlready)):
        with pytest.raises(refusal):
            session.take_over(by=dev, now=NOW)
    assert not Facilitator.objects.filter(person=dev).exists()


def test_nobody_is_asked_to_lead_what_is_over(client_of, dev, make_session):
    session = make_session(day=TODAY - timedelta(days=1))
    for path in (page("schedule"), session.get_absolute_url()):
        html = client_of(dev).get(path).content.decode()
        assert "I will lead it" not in html
        assert "needs someone" not in html


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wanted", ["one session", "two at once"])
def test_c2_eight_threads_take_over_and_one_leads(make_session, dev, wanted):
    rooms = [Room.objects.create(name=f"Room {n}", capacity=5) for n in range(8)]
    people = [
        User.objects.create(username=f"r{n}", role=Role.CLINICIAN, chosen_name=f"R {n}") for n in range(8)
    ]
    sessions = [make_session(room=room) for room in rooms]
    start = Barrier(8)

    def take(number: int) -> str:
        one = wanted == "one session"
        try:
            start.wait(timeout=30)
            sessions[0 if one else number].take_over(by=people[number] if one else dev, now=NOW)
            return "leads"
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        results = sorted(threads.map(take, range(8)))
    assert results.count("leads") == 1, results
    assert Facilitator.objects.count() == 1
