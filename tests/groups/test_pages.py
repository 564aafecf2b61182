"""Pages of groups: who sees what, what a form does, and what nonsense it survives."""

import re
import uuid
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from accounts.roles import Role
from groups.models import Admission, Booking, Group, Room
from tests.groups.conftest import NOW, TODAY

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State


def page(name: str, *args) -> str:
    return reverse(f"groups:{name}", args=args)


def test_a_client_joins_and_leaves_without_script(client_of, sam, make_session):
    session, browser = make_session(), client_of(sam)
    response = browser.post(page("booking", session.pk))
    assert (response.status_code, response.headers["Location"]) == (303, session.get_absolute_url())
    assert b"Leave this session" in browser.get(session.get_absolute_url()).content
    assert browser.post(page("booking", session.pk)).status_code == 303
    response = browser.post(page("cancellation", session.pk))
    assert (response.status_code, response.headers["Location"]) == (303, session.get_absolute_url())
    assert browser.post(page("cancellation", session.pk)).status_code == 303
    assert [row.state for row in session.bookings.all()] == [State.CANCELLED_LATE]


def test_htmx_gets_the_fragment_alone(client_of, sam, make_session):
    session = make_session()
    response = client_of(sam).post(page("booking", session.pk), headers={"HX-Request": "true"})
    html = response.content.decode()
    assert response.status_code == 200
    assert html.strip().startswith('<div class="stack loose" id="booking">')
    assert "Leave this session" in html
    assert "<html" not in html


def test_c5_who_comes_second_is_told_and_offered_the_waitlist(client_of, sam, noor, make_session, seeking):
    seeking.capacity = 1
    seeking.save()
    session = make_session()
    session.join(by=noor, now=NOW)
    response = client_of(sam).post(page("booking", session.pk))
    assert response.status_code == 422
    assert "All places are taken now." in response.content.decode()
    assert 'name="or_wait"' in response.content.decode()
    client_of(sam).post(page("booking", session.pk), {"or_wait": "1"})
    html = client_of(sam).get(session.get_absolute_url()).content.decode()
    assert "Waitlist, you are 1st" in html
    assert "Noor" not in html


def test_the_line_about_readers_names_those_who_can_read(client_of, sam, ana, dev, mara, noor, make_session):
    session = make_session(lead=dev)
    booking = session.join(by=sam, now=NOW)
    readers = set(Booking.seen_by.readers(booking))
    for user in (sam, ana, dev, mara, noor):
        assert Booking.objects.visible_to(user).filter(pk=booking.pk).exists() == (user in readers), user
    html = client_of(sam).get(session.get_absolute_url()).content.decode()
    assert "You, Ana Ruiz and Dev Patel can see this. Other people who live here cannot." in html


def test_rosters_show_names_only_to_those_who_lead_or_care(client_of, cast, make_session):
    sam, noor, ana, dev, mara = (cast[name] for name in ("sam", "noor", "ana", "dev", "mara"))
    session = make_session(lead=dev)
    for person in (sam, noor):
        session.join(by=person, now=NOW)
    shown = {}
    for user in (ana, dev, mara):
        html = client_of(user).get(session.get_absolute_url()).content.decode()
        shown[user.username] = [name for name in ("Sam", "Noor") if f"<b>{name}</b>" in html]
        assert "2 in, 0 waiting" in html
    assert shown == {"ana": ["Sam"], "dev": ["Sam", "Noor"], "mara": []}
    looks = AccessRecord.objects.filter(what="attendance").values_list("actor__username", "subject_id")
    assert sorted(looks) == sorted([("ana", sam.pk), ("dev", sam.pk), ("dev", noor.pk)])


def test_b6_a_clinician_who_becomes_a_manager_gets_counts_and_no_names(client_of, sam, ana, make_session):
    session = make_session(lead=ana)
    session.join(by=sam, now=NOW)
    ana.role = Role.MANAGER
    ana.save()
    html = client_of(ana).get(session.get_absolute_url()).content.decode()
    assert "1 in, 0 waiting" in html
    assert "<b>Sam</b>" not in html
    assert not Booking.objects.visible_to(ana).exists()


def test_the_history_of_a_shared_tablet_names_no_group(client_of, sam, make_session):
    session = make_session()
    for path in (session.get_absolute_url(), session.group.get_absolute_url()):
        html = client_of(sam).get(path).content.decode()
        assert "<h1>Seeking safety</h1>" in html
        assert "Seeking" not in html[html.index("<title>") : html.index("</title>")]


def test_b3_who_waits_beside_a_free_place_can_ask_for_it(client_of, sam, make_session, seeking):
    session, browser = make_session(), client_of(sam)
    session.bookings.create(client=sam, state=State.WAITLISTED, joined_at=NOW)
    html = browser.get(session.get_absolute_url()).content.decode()
    assert "Take the place" in html
    assert "and we tell you" not in html
    response = browser.post(page("booking", session.pk), headers={"HX-Request": "true"})
    assert "Leave this session" in response.content.decode()
    assert "Take the place" not in response.content.decode()


def test_b6_nobody_promises_what_they_have_not_read(client_of, sam, mara, make_session, seeking):
    seeking.agreement = "Be kind."
    seeking.keep(by=mara, now=NOW)
    session, browser = make_session(), client_of(sam)
    html = browser.get(session.get_absolute_url()).content.decode()
    [shown] = re.findall(r'name="agreed"\s+value="([^"]*)"', html)
    seeking.agreement = "Be on time."
    seeking.keep(by=mara, now=NOW)
    response = browser.post(page("booking", session.pk), {"agreed": shown})
    assert response.status_code == 422
    assert "Be on time." in response.content.decode()
    assert (session.bookings.count(), seeking.acceptances.count()) == (0, 0)
    [shown] = re.findall(r'name="agreed"\s+value="([^"]*)"', response.content.decode())
    assert browser.post(page("booking", session.pk), {"agreed": shown}).status_code == 303
    assert [row.version for row in seeking.acceptances.all()] == [seeking.agreement_version]


def test_b6_of_a_closed_group_others_read_its_page_and_no_session(
    client_of, sam, noor, make_session, seeking
):
    seeking.admission = Admission.CLOSED
    seeking.save()
    session = make_session()
    session.bookings.create(client=noor, state=State.CONFIRMED, joined_at=NOW)
    assert client_of(sam).get(session.get_absolute_url()).status_code == 404
    assert client_of(noor).get(session.get_absolute_url()).status_code == 200
    assert session.get_absolute_url() not in client_of(sam).get(seeking.get_absolute_url()).text
    assert session.get_absolute_url() in client_of(noor).get(seeking.get_absolute_url()).text
    for name in ("booking", "cancellation"):
        assert client_of(sam).post(page(name, session.pk)).status_code == 404
    for name in ("group_list", "week"):
        assert session.get_absolute_url() not in client_of(sam).get(page(name)).text
        assert session.get_absolute_url() in client_of(noor).get(page(name)).text


def test_of_a_closed_group_a_client_reads_only_the_times_they_are_in(client_of, noor, make_session, seeking):
    seeking.admission = Admission.CLOSED
    seeking.save()
    hers, not_hers = make_session(), make_session(day=TODAY + timedelta(days=1))
    hers.bookings.create(client=noor, state=State.CONFIRMED, joined_at=NOW)
    text = client_of(noor).get(seeking.get_absolute_url()).content.decode()
    assert [session.get_absolute_url() in text for session in (hers, not_hers)] == [True, False]


def test_a6_who_has_gone_home_sees_no_session(client_of, sam, make_session):
    session = make_session()
    session.join(by=sam, now=NOW)
    sam.away_since = TODAY
    sam.save()
    assert client_of(sam).get(session.get_absolute_url()).status_code == 404
    for name in ("booking", "cancellation"):
        assert client_of(sam).post(page(name, session.pk)).status_code == 404
    for name in ("group_list", "week"):
        assert client_of(sam).get(page(name)).status_code == 404


def test_staff_cancel_a_session(client_of, ana, sam, make_session):
    session = make_session()
    session.join(by=sam, now=NOW)
    assert client_of(ana).post(page("session_cancellation", session.pk)).status_code == 303
    assert "Cancelled" in client_of(sam).get(page("week")).content.decode()
    assert "Join" not in client_of(sam).get(session.get_absolute_url()).content.decode()


def test_only_who_leads_a_session_or_manages_can_cancel_it(client_of, ana, dev, mara, make_session):
    session, unled = make_session(lead=ana), make_session(at=time(16))
    shown = {
        user.username: [
            "Cancel this session" in client_of(user).get(each.get_absolute_url()).content.decode()
            for each in (session, unled)
        ]
        for user in (ana, dev, mara)
    }
    assert shown == {"ana": [True, True], "dev": [False, True], "mara": [True, True]}
    assert client_of(dev).post(page("session_cancellation", session.pk)).status_code == 404
    session.refresh_from_db()
    assert session.cancelled_at is None
    assert client_of(dev).post(page("session_cancellation", unled.pk)).status_code == 303


def test_a_session_that_has_begun_is_not_cancelled(client_of, ana, make_session):
    session = make_session(at=time(9), lead=ana)
    response = client_of(ana).post(page("session_cancellation", session.pk))
    assert response.status_code == 422
    assert "This session has begun" in response.content.decode()


def test_forged_ids_are_not_found(client_of, sam, ana):
    nothing = uuid.uuid4()
    for name in ("session_detail", "group_detail"):
        assert client_of(sam).get(page(name, nothing)).status_code == 404
    for name in ("booking", "cancellation"):
        assert client_of(sam).post(page(name, nothing)).status_code == 404
    for name in ("attendance", "group_edit"):
        assert client_of(ana).get(page(name, nothing)).status_code == 404
    assert client_of(ana).post(page("session_cancellation", nothing)).status_code == 404


# The board and the weeks


def test_the_board_places_sessions_by_quarters(client_of, ana, dev, sam, make_session):
    session = make_session(lead=dev)
    session.join(by=sam, now=NOW)
    html = client_of(ana).get(page("schedule"), {"week": "2026-W48"}).content.decode()
    # 13:00 is the 21st quarter after 8:00; 75 minutes are five of them.
    assert 'class="slot r21 h5 whole clay"' in html
    assert '<span class="where">Oak room</span> <span class="taken">1/3' in html
    assert "23 to 27 November" in html
    assert "28 Nov" not in html
    assert "Sam" not in html


def test_the_board_shows_a_weekend_when_something_is_on(client_of, ana, make_session):
    make_session(day=date(2026, 11, 28), at=time(6))
    html = client_of(ana).get(page("schedule")).content.decode()
    assert "28 Nov" in html
    assert "<span>6 a.m.</span>" in html
    assert "Seeking safety needs someone to lead it" in html


WEEKS_THAT_ARE_NONE = ["2026-W60", "0000-W01", "9999-W52", "x", "2026-W48'", "٢٠٢٦-W48", "2025-W53"]


@pytest.mark.parametrize("week", WEEKS_THAT_ARE_NONE)
@pytest.mark.parametrize(("name", "who"), [("schedule", "ana"), ("week", "sam")])
def test_a_week_that_is_none_shows_this_one(client_of, cast, name, who, week):
    response = client_of(cast[who]).get(page(name), {"week": week})
    assert response.status_code == 200
    assert "There is no such week, so here is this one." in response.content.decode()
    assert "November" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "who", "queries"),
    [("schedule", "dev", 5), ("week", "sam", 5), ("group_list", "sam", 5), ("group_manage", "dev", 3)],
)
def test_t4_as_many_queries_with_one_row_as_with_thirty(
    client_of, cast, make_session, django_assert_num_queries, name, who, queries
):
    browser = client_of(cast[who])
    for number in (1, 30):
        fill(number, make_session, cast)
        with django_assert_num_queries(queries):
            response = browser.get(page(name))
        assert response.content.count(b"Group ") >= min(number, 12)


def fill(number: int, make_session, cast) -> None:
    """Up to `number` groups; Sam is in one session of each, and could join another."""
    for n in range(Group.objects.filter(name__startswith="Group ").count(), number):
        room = Room.objects.create(name=f"Room {n}", capacity=9)
        group = Group.objects.create(name=f"Group {n}", purpose="p", kind="circle", capacity=9)
        for days, people in ((n % 3, ("sam", "noor")), (3 + n % 3, ("noor",))):
            day = TODAY + timedelta(days=days)
            session = make_session(day=day, at=time(11 + n % 8), group=group, room=room)
            session.facilitators.create(
                person=cast["dev"], overlap_allowed_by=cast["dev"], overlap_reason="To be many"
            )
            session.bookings.bulk_create(
                Booking(session=session, client=cast[name], state=State.CONFIRMED, joined_at=NOW)
                for name in people
            )


def test_sessions_at_one_time_share_the_width_of_their_day_alone(client_of, dev, make_session):
    studio = Room.objects.create(name="Studio", capacity=5)
    make_session(at=time(9), minutes=60, lead=dev)
    make_session(at=time(13), minutes=75)
    make_session(at=time(14), minutes=60, room=studio)
    html = client_of(dev).get(page("schedule")).content.decode()
    assert "day lanes-2" in html
    for place in ("r5 h4 whole", "r21 h5 from-1", "r25 h4 from-2"):
        assert f'class="slot {place} clay' in html


def test_a_group_page_offers_joining_to_clients_and_numbers_to_staff(client_of, sam, noor, ana, make_session):
    session = make_session()
    session.join(by=noor, now=NOW)
    shown = {}
    for user in (sam, ana):
        html = client_of(user).get(session.group.get_absolute_url()).content.decode()
        shown[user.username] = ["Look and join" in html, "1 of 3" in html, "Plan sessions" in html]
        assert "Noor" not in html
    assert shown == {"sam": [True, False, False], "ana": [False, True, True]}
