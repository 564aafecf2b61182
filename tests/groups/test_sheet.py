"""The sheet mark by mark: nobody's newer mark is lost, each change is kept, walk-ins and apologies (B7)."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AccessRecord, Stay
from groups.models import Attendance, AttendanceChange, Booking, Session
from groups.refusals import NotAtHome, OnTheSheet, TooEarlyOrLate
from tests.cast import person
from tests.groups.conftest import NOW, residents
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State
HTMX = {"HX-Request": "true"}


@pytest.fixture
def led(make_session, dev, sam, noor) -> Session:
    session = make_session(at=time(9), lead=dev)
    for one in (sam, noor):
        session.bookings.create(client=one, state=State.CONFIRMED, joined_at=NOW - timedelta(days=1))
    return session


@pytest.fixture
def mark(client_of, dev, led):
    browser = client_of(dev)

    def send(client, state, *was, by=browser):
        sent = {"client": client.pk, "state": state, "was": list(was)}
        return by.post(page("attendance_mark", led.pk), sent, headers=HTMX)

    return send


def marks(session: Session) -> dict:
    return dict(session.attendance.values_list("client__username", "state"))


def changes(session: Session) -> list:
    rows = session.attendance_changes.order_by("pk")
    return list(rows.values_list("client__username", "old", "new", "changed_by__username"))


def test_b7_one_mark_is_kept_and_the_answer_is_its_row(mark, sam, led):
    response = mark(sam, "late", "")
    html = response.content.decode()
    assert (response.status_code, marks(led)) == (200, {"sam": "late"})
    assert html.count("<tr") == 1
    assert 'data-recorded="1 of 2 recorded"' in html
    assert f'name="was-{sam.pk}" value="late"' in html
    assert 'value="late" id="id_' in html.partition(" checked")[0][-120:]


def test_b7_a_mark_is_taken_back(mark, sam, led):
    mark(sam, "late", "")
    assert mark(sam, "", "late").status_code == 200
    assert marks(led) == {}
    assert changes(led) == [("sam", "", "late", "dev"), ("sam", "late", "", "dev")]


def test_b7_somebody_elses_newer_mark_stands_and_is_shown(mark, client_of, make_session, ana, sam, led):
    led.facilitators.create(person=ana, role="co")
    mark(sam, "excused", "", by=client_of(ana))
    response = mark(sam, "absent", "")
    html = response.content.decode()
    assert (response.status_code, marks(led)) == (409, {"sam": "excused"})
    assert "At 10:00 a.m. Ana Ruiz marked this; it stands." in html
    assert f'name="was-{sam.pk}" value="excused"' in html
    assert changes(led) == [("sam", "", "excused", "ana")]
    mark(sam, "", "excused", by=client_of(ana))
    assert "The mark was taken back meanwhile." in mark(sam, "absent", "excused").content.decode()
    assert marks(led) == {}


def test_b7_a_mark_sent_twice_is_one_change(mark, sam, led):
    """The first came through, and only its answer got lost."""
    assert [mark(sam, "late", "").status_code for _time in range(2)] == [200, 200]
    assert mark(sam, "present", "", "late").status_code == 200
    assert changes(led) == [("sam", "", "late", "dev"), ("sam", "late", "present", "dev")]


def test_b7_a_mark_outside_the_time_of_the_sheet_says_why(mark, sam, led, frozen):
    frozen.move_to(led.starts_at - timedelta(minutes=16))
    response = mark(sam, "late", "")
    assert response.status_code == 422
    assert "15 minutes before the start" in response.content.decode()
    assert (marks(led), changes(led)) == ({}, [])


def test_b7_only_people_of_this_sheet_are_marked(mark, luz, ana, sam, led):
    led.bookings.filter(client=sam).update(state=State.WAITLISTED)
    for stranger in (luz, ana, sam):
        response = mark(stranger, "present", "")
        assert response.status_code == 404
        assert stranger.chosen_name not in response.content.decode()
    assert mark(sam, "drunk", "").status_code == 422
    assert (marks(led), changes(led)) == ({}, [])


def test_b7_only_those_who_lead_it_mark(mark, client_of, ana, mara, noor, sam, led):
    for user in (ana, mara, noor):
        assert mark(sam, "present", "", by=client_of(user)).status_code == 404
        assert client_of(user).get(page("walk_in", led.pk)).status_code == 404
    assert marks(led) == {}


def test_a5_a_mark_is_a_look(mark, dev, sam, led):
    mark(sam, "late", "")
    looks = AccessRecord.objects.filter(actor=dev, what="attendance")
    assert set(looks.values_list("subject_id", flat=True)) == {sam.pk}


def test_whoever_is_signed_out_is_led_to_sign_in(client, sam, led):
    path = page("attendance_mark", led.pk)
    response = client.post(path, {"client": sam.pk, "state": "late"}, headers=HTMX)
    assert response.headers["HX-Redirect"].startswith(reverse("account_login"))
    assert marks(led) == {}


def test_b7_the_plain_form_leaves_newer_marks_of_others_alone(client_of, dev, ana, sam, noor, led):
    led.record({sam.pk: "excused", noor.pk: "late"}, by=ana, now=NOW)
    sheet = {f"was-{sam.pk}": "", str(sam.pk): "absent", f"was-{noor.pk}": "late", str(noor.pk): "present"}
    response = client_of(dev).post(page("attendance", led.pk), sheet, follow=True)
    assert marks(led) == {"sam": "excused", "noor": "present"}
    assert "Somebody else marked Sam meanwhile." in response.content.decode()


def test_b7_the_plain_form_sends_no_mark_that_it_only_showed(client_of, dev, ana, sam, led):
    """Drawn while Sam was late; Ana took that back since, and Dev has nothing to do with it."""
    led.record({sam.pk: "late"}, by=dev, now=NOW)
    led.record({sam.pk: ""}, by=ana, now=NOW)
    client_of(dev).post(page("attendance", led.pk), {f"was-{sam.pk}": "late", str(sam.pk): "late"})
    assert marks(led) == {}


def test_b7_the_plain_form_clears_one_and_keeps_the_others(client_of, dev, sam, noor, led):
    led.record({sam.pk: "late"}, by=dev, now=NOW)
    sheet = {f"was-{sam.pk}": "late", str(sam.pk): "late", str(noor.pk): "present", "clear": str(sam.pk)}
    client_of(dev).post(page("attendance", led.pk), sheet)
    assert marks(led) == {"noor": "present"}


def test_b7_done_leads_to_the_session_and_everyone_else_stays_on_the_sheet(client_of, dev, sam, led):
    path, browser = page("attendance", led.pk), client_of(dev)
    assert browser.post(path, {str(sam.pk): "late"}).url == led.get_absolute_url()
    assert browser.post(path, {"everyone": f"{sam.pk}"}).url == path


def test_b6_an_apology_is_shown_suggests_excused_and_marks_nothing(client_of, dev, sam, noor, led):
    led.bookings.filter(client=sam).update(apology_at=NOW - timedelta(hours=3))
    path, browser = page("attendance", led.pk), client_of(dev)
    html = browser.get(path).content.decode()
    assert html.count("They sent word that they cannot come. Excused fits.") == 1
    assert " checked" not in html
    assert marks(led) == {}
    browser.post(path, {"everyone": f"{sam.pk} {noor.pk}"})
    assert marks(led) == {"sam": "excused", "noor": "present"}
    assert "Excused fits" not in browser.get(path).content.decode()


def test_b7_who_came_without_a_place_is_on_the_sheet_and_takes_none(client_of, dev, led):
    (guest,) = residents(1, "guest")
    path, browser = page("walk_in", led.pk), client_of(dev)
    shown = browser.get(path).content.decode()
    assert (f'value="{guest.pk}"' in shown, ">Sam" in shown) == (True, False)
    response = browser.post(path, {"person": guest.pk, "state": "late"}, follow=True)
    assert "Came without a place" in response.content.decode()
    row = led.attendance.get()
    assert (row.client, row.state, row.walked_in) == (guest, "late", True)
    assert changes(led) == [("guest0", "", "late", "dev")]
    assert (led.places_left(), led.bookings.filter(client=guest).exists()) == (1, False)
    assert str(guest.pk) not in browser.get(path).content.decode()


def test_b7_who_came_without_a_place_is_never_absent(mark, dev, sam, led):
    (guest,) = residents(1, "guest")
    led.walk_in(guest, "present", by=dev, now=NOW)
    for state in ("absent", "excused"):
        mark(guest, state, "present")
    assert (marks(led), len(changes(led))) == ({"guest0": "present"}, 1)
    row = led.attendance.get()
    row.state = "absent"
    with pytest.raises(IntegrityError, match="walk_in_was_there"), transaction.atomic():
        row.save()
    led.record({sam.pk: "late"}, by=dev, now=NOW)
    assert mark(guest, "late", "present").status_code == 200
    assert dict(led.attendance.values_list("client__username", "walked_in")) == {"guest0": True, "sam": False}


def test_b7_a_walk_in_can_be_taken_back_and_put_back(mark, dev, led):
    (guest,) = residents(1, "guest")
    led.walk_in(guest, "present", by=dev, now=NOW)
    assert "Client 0" in mark(guest, "", "present").content.decode()
    assert marks(led) == {}
    assert mark(guest, "late", "").status_code == 200
    assert led.attendance.get().walked_in


def test_b7_who_may_come_without_a_place(client_of, dev, sam, mara, luz, led, frozen):
    (guest,) = residents(1, "guest")
    with pytest.raises(OnTheSheet):
        led.walk_in(sam, "present", by=dev, now=NOW)
    for stranger in (luz, mara):
        with pytest.raises(NotAtHome):
            led.walk_in(stranger, "present", by=dev, now=NOW)
        response = client_of(dev).post(page("walk_in", led.pk), {"person": stranger.pk, "state": "present"})
        assert (response.status_code, "Choose who came." in response.content.decode()) == (422, True)
    with pytest.raises(TooEarlyOrLate):
        led.walk_in(guest, "present", by=dev, now=led.starts_at - timedelta(minutes=16))
    led.walk_in(guest, "present", by=dev, now=NOW)
    with pytest.raises(OnTheSheet):
        led.walk_in(guest, "late", by=dev, now=NOW)
    assert marks(led) == {"guest0": "present"}


def test_b7_marks_of_people_no_longer_on_the_list_stay_and_can_be_put_right(mark, client_of, dev, sam, led):
    led.record({sam.pk: "late"}, by=dev, now=NOW)
    led.bookings.filter(client=sam).update(state=State.REMOVED, closed_at=NOW)
    html = client_of(dev).get(page("attendance", led.pk)).content.decode()
    assert ("No longer on the list" in html, "1 of 2 recorded" in html) == (True, True)
    assert mark(sam, "absent", "late").status_code == 200
    assert (marks(led), led.attendance.get().walked_in) == ({"sam": "absent"}, False)


def test_b7_what_was_changed_is_told_to_those_who_lead(mark, client_of, dev, sam, led):
    for state, was in (("late", ""), ("present", "late"), ("", "present")):
        mark(sam, state, was)
    html = client_of(dev).get(page("attendance", led.pk), headers=HTMX).content.decode()
    words = " ".join(html.split())
    assert "<html" not in words
    assert [
        words.count(one) for one in (": Present, then blank", ": Late, then Present", ": blank, then Late")
    ] == [
        1,
        1,
        1,
    ]
    assert "Dev Patel" in words


def test_b7_changes_are_seen_like_the_marks_themselves(sam, noor, ana, dev, mara, led):
    led.record({sam.pk: "present", noor.pk: "late"}, by=dev, now=NOW)
    seen = {
        user.username: sorted(
            AttendanceChange.objects.visible_to(user).values_list("client__username", flat=True)
        )
        for user in (sam, ana, dev, mara)
    }
    assert seen == {"sam": ["sam"], "ana": ["sam"], "dev": ["noor", "sam"], "mara": []}


@pytest.mark.usefixtures("guarded")
def test_b7_no_change_is_written_over(mark, sam, led):
    mark(sam, "late", "")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        led.attendance_changes.update(new="present")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        led.attendance_changes.all().delete()


def test_b8_those_whose_marks_changed_are_looked_after(monkeypatch, dev, sam, noor, led):
    asked = []
    told = lambda session, clients, *, by, now: asked.append((session, set(clients), by, now))  # noqa: E731
    monkeypatch.setattr("groups.missing.look_after", told)
    led.record({sam.pk: "absent"}, by=dev, now=NOW)
    led.record({sam.pk: "absent", noor.pk: "late"}, by=dev, now=NOW)
    led.record({sam.pk: "absent"}, by=dev, now=NOW)
    led.record({sam.pk: "present"}, by=dev, now=NOW, was={sam.pk: ["late"]})
    assert asked == [(led, {sam.pk}, dev, NOW), (led, {noor.pk}, dev, NOW)]


def test_t4_a_mark_takes_as_many_queries_with_one_person_as_with_thirty(
    mark, led, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("groups.missing.look_after", lambda *_args, **_words: None)
    used = []
    for people in (residents(1), residents(29, "more")):
        led.bookings.bulk_create(
            Booking(session=led, client=one, state=State.CONFIRMED, joined_at=NOW) for one in people
        )
        with django_assert_max_num_queries(30) as captured:
            assert mark(people[0], "late", "").status_code == 200
        used.append(len(captured))
    assert used[0] == used[1]


def test_b7_people_of_the_house_on_that_day_can_come_not_those_who_came_since(client_of, dev, led):
    new = person("new", "client", "New Here", "")
    Stay.objects.create(client=new, admitted_on=led.local_date + timedelta(days=1))
    assert "New Here" not in client_of(dev).get(page("walk_in", led.pk)).content.decode()
    assert not Attendance.objects.exists()
