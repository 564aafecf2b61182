"""The page that moves one session: what it shows, asks, refuses and keeps (T7, T8, C2, C4)."""

import re
import uuid
from datetime import time, timedelta

import pytest

from accounts.models import AccessRecord, CareTeamMember
from groups.models import Edit, Facilitator, Room, Session
from recovery_site.actions.handover import Takers, hand_over
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def session(make_session, ana) -> Session:
    return make_session(lead=ana)


@pytest.fixture
def typed(session, ana, oak) -> dict:
    return {
        "client_token": str(uuid.uuid4()),
        "seen": session.mark,
        "day": "2026-11-25",
        "at": "16:00",
        "minutes": "60",
        "room": oak.pk,
        "lead": ana.pk,
        "co_lead": "",
    }


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_t7_a_clinician_moves_a_session_by_a_form(client_of, ana, session, typed):
    browser = client_of(ana)
    assert page("session_move", session.pk) in words(browser.get(session.get_absolute_url()))
    response = browser.post(page("session_move", session.pk), typed)
    assert (response.status_code, response.headers["Location"]) == (303, session.get_absolute_url())
    moved = Session.objects.get(pk=session.pk)
    assert (moved.local_date, moved.starts_at.isoformat()) == (TOMORROW, "2026-11-25T21:00:00+00:00")
    assert Edit.objects.get().scope == "this"


def test_the_board_says_where_a_session_was_carried(client_of, ana, session):
    studio = Room.objects.create(name="Studio", capacity=5)
    asked = f"?date=2026-11-27&time=09:30&room={studio.pk}"
    html = words(client_of(ana).get(page("session_move", session.pk) + asked))
    assert 'value="2026-11-27"' in html
    assert 'value="09:30"' in html
    assert re.search(rf'value="{studio.pk}"\s+selected', html)
    html = words(client_of(ana).get(page("session_move", session.pk) + "?date=x&time=99:99&room=nowhere"))
    assert 'value="2026-11-24"' in html


def test_a_session_in_other_hands_is_not_there(client_of, dev, session):
    assert client_of(dev).get(page("session_move", session.pk)).status_code == 404


def test_what_has_begun_says_so_and_offers_no_form(client_of, ana, make_session):
    begun = make_session(at=time(9), lead=ana)
    html = words(client_of(ana).get(page("session_move", begun.pk)))
    assert "This session has begun" in html
    assert 'name="day"' not in html


def test_c4_a_clash_offers_a_free_room_and_takes_it(client_of, ana, dev, make_session, session, typed):
    studio = Room.objects.create(name="Studio", capacity=5)
    make_session(day=TOMORROW, at=time(16), lead=dev)
    browser, address = client_of(ana), page("session_move", session.pk)
    response = browser.post(address, typed)
    assert response.status_code == 422
    assert "Oak room is taken by Seeking safety" in words(response)
    answer = {"clash-dates_0": "2026-11-25", "clash-choice_0": f"room:{studio.pk}"}
    assert answer["clash-choice_0"] in words(response)
    assert browser.post(address, typed | answer).status_code == 303
    assert Session.objects.get(pk=session.pk).room == studio


def test_c2_only_a_manager_is_offered_two_places(client_of, ana, mara, make_session, session, typed):
    make_session(day=TOMORROW, at=time(16), lead=ana, room=Room.objects.create(name="Studio", capacity=5))
    address = page("session_move", session.pk)
    assert "in two places" not in words(client_of(ana).post(address, typed))
    answer = {"clash-dates_0": "2026-11-25", "clash-choice_0": "twice", "clash-reason": "One hall"}
    assert client_of(ana).post(address, typed | answer).status_code == 422
    assert client_of(mara).post(address, typed | answer).status_code == 303
    assert Facilitator.objects.get(session=session).overlap_reason == "One hall"


def test_what_was_typed_is_kept_when_somebody_was_faster(client_of, ana, session, typed):
    Session.objects.filter(pk=session.pk).update(sequence=3)
    browser, address = client_of(ana), page("session_move", session.pk)
    response = browser.post(address, typed)
    assert response.status_code == 422
    assert "Somebody changed this session while you were here." in words(response)
    assert 'value="16:00"' in words(response)
    [seen] = re.findall(r'name="seen" value="(\w+)"', words(response))
    assert browser.post(address, typed | {"seen": seen}).status_code == 303


def test_t8_the_preview_names_only_clients_in_the_readers_care(
    client_of, ana, dev, mara, sam, noor, session, typed
):
    CareTeamMember.objects.appoint(client=noor, clinician=dev, by=mara, now=NOW)
    for person in (sam, noor):
        session.join(by=person, now=NOW)
        person.stays.update(discharged_on=TODAY)
    address = page("session_move_preview", session.pk)
    for reader, names in ((ana, ["Sam"]), (mara, []), (ana, ["Sam"])):
        html = words(client_of(reader).post(address, typed, headers={"HX-Request": "true"}))
        assert "2 people who are in cannot come then." in html
        assert [name for name in ("Noor", "Sam") if name in html] == names
    assert Session.objects.get(pk=session.pk).sequence == 0
    looks = AccessRecord.objects.values_list("actor", "subject_id")
    assert list(looks) == [(ana.pk, sam.pk)]  # A5: one look, however often the form asks


def test_t8_nobody_loses_a_place_that_the_clinician_did_not_read_of(client_of, ana, sam, session, typed):
    session.join(by=sam, now=NOW)
    sam.stays.update(discharged_on=TODAY)
    browser, address = client_of(ana), page("session_move", session.pk)
    response = browser.post(address, typed)
    assert response.status_code == 422
    assert "One person on the list cannot come then." in words(response)
    [costs] = re.findall(r'name="costs" value="(\d+)"', words(response))
    assert browser.post(address, typed | {"costs": costs}).status_code == 303
    assert session.bookings.get().needs_place_since == NOW


def test_the_preview_works_without_a_script_and_with_half_a_form(client_of, ana, session, typed):
    address = page("session_move_preview", session.pk)
    whole = words(client_of(ana).post(address, typed))
    assert "<h1>Move this session</h1>" in whole
    assert "Wednesday, 25 November, 4:00 p.m." in whole
    assert "See it before you move" in words(client_of(ana).post(address, typed | {"day": ""}))


@pytest.mark.parametrize("wrong", [{"minutes": "5"}, {"day": "2026-11-20"}, {"co_lead": "same"}])
def test_nonsense_is_refused_beside_its_field(client_of, ana, session, typed, wrong):
    sent = typed | {name: str(ana.pk) if value == "same" else value for name, value in wrong.items()}
    response = client_of(ana).post(page("session_move", session.pk), sent)
    assert (response.status_code, Session.objects.get(pk=session.pk).sequence) == (422, 0)
    assert f'id="id_{next(iter(wrong))}_error"' in words(response)


def test_t7_what_a_drag_asks_for_is_looked_at_at_once(client_of, ana, session):
    browser, path = client_of(ana), page("session_move", session.pk)
    assert 'hx-trigger="load, change from' in browser.get(f"{path}?date=2026-11-26&time=16:00").text
    assert 'hx-trigger="change from' in browser.get(path).text


def test_a9_a_page_from_before_a_handover_does_not_take_it_back(client_of, mara, ana, dev, session, typed):
    hand_over(person=ana, takers=Takers(led={session.pk: dev}), by=mara, now=NOW)
    response = client_of(mara).post(page("session_move", session.pk), typed)
    assert response.status_code == 422
    assert "Somebody changed this session while you were here." in words(response)
    assert Session.objects.get(pk=session.pk).people == [dev]


@pytest.mark.parametrize(("days", "status"), [(700, 303), (800, 422)])
def test_t7_a_session_can_be_moved_up_to_two_years_ahead(client_of, ana, session, typed, days, status):
    day = (TODAY + timedelta(days=days)).isoformat()
    response = client_of(ana).post(page("session_move", session.pk), typed | {"day": day})
    assert response.status_code == status
