"""T10: a client's calendar at a secret address."""

import logging
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from groups.models import Booking, CalendarFeed, Session
from groups.models.booking import State
from groups.views import secret_addresses
from recovery_site import actions
from recovery_site.logs import Redact
from tests.groups.conftest import TODAY

NO_ADDRESS = "/calendar/not-an-address.ics"


def renew(client: User, *, shows_detail: bool = False) -> str:
    """The path of a new feed."""
    _feed, token = CalendarFeed.objects.renew(client, shows_detail=shows_detail, now=timezone.now())
    return f"/calendar/{token}.ics"


def events(response) -> dict[str, object]:
    return {str(row["uid"]): row for row in Calendar.from_ical(response.content).walk("VEVENT")}


def book(session, client, state=State.CONFIRMED) -> Booking:
    now = timezone.now()
    held = {"held_until": now} if state == State.OFFERED else {}
    return Booking.objects.create(session=session, client=client, state=state, joined_at=now, **held)


@pytest.fixture
def booked(frozen, sam, make_session):
    """Tomorrow at 13:00 in New York, with Sam on it."""
    session = make_session(day=TODAY + timedelta(days=1))
    book(session, sam)
    return session


def test_t10_a_place_is_an_appointment_and_tells_nothing_else(client, sam, booked):
    response = client.get(renew(sam))
    (event,) = events(response).values()
    assert (str(event["summary"]), str(event["status"])) == ("Appointment", "CONFIRMED")
    assert event["dtstart"].dt == booked.starts_at
    assert event["dtend"].dt == booked.ends_at
    assert event["uid"] == f"{booked.pk}@appointments.invalid"
    told = response.content.decode().lower()
    for word in ("seeking", "oak", "sam", "stillwater", "localhost", "location", "attendee", "organizer"):
        assert word not in told


def test_t10_with_detail_it_names_group_and_room_and_nobody(client, sam, ana, booked):
    booked.facilitators.create(person=ana)
    response = client.get(renew(sam, shows_detail=True))
    (event,) = events(response).values()
    assert (str(event["summary"]), str(event["location"])) == ("Seeking safety", "Oak room")
    assert "Ana" not in response.content.decode()


@pytest.mark.parametrize("state", [State.WAITLISTED, State.OFFERED])
def test_t10_b5_only_confirmed_places_are_in_it(client, frozen, sam, make_session, state):
    book(make_session(day=TODAY + timedelta(days=1)), sam, state)
    assert events(client.get(renew(sam))) == {}


def test_t10_nobody_elses_place_is_in_it(client, sam, noor, booked):
    assert events(client.get(renew(noor))) == {}


def test_t10_a_cancelled_session_stays_as_cancelled_for_30_days(client, frozen, sam, ana, booked):
    path = renew(sam)
    booked.cancel(by=ana, now=timezone.now())
    (event,) = events(client.get(path)).values()
    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", 1)
    frozen.shift(timedelta(days=30))
    assert len(events(client.get(path))) == 1
    frozen.shift(timedelta(seconds=1))
    assert events(client.get(path)) == {}


def test_t10_who_only_waited_sees_nothing_of_a_cancelled_session(client, frozen, sam, ana, make_session):
    session = make_session(day=TODAY + timedelta(days=1))
    book(session, sam, State.WAITLISTED)
    session.cancel(by=ana, now=timezone.now())
    assert events(client.get(renew(sam))) == {}


def test_t10_what_is_over_stays_for_30_days(client, frozen, sam, booked):
    path = renew(sam)
    frozen.move_to(booked.starts_at + timedelta(days=30))
    assert len(events(client.get(path))) == 1
    frozen.shift(timedelta(seconds=1))
    assert events(client.get(path)) == {}


def test_t9_t10_a_session_that_rests_is_left_out(client, frozen, sam, dev, make_series):
    series = make_series()
    series.schedule(leads=[dev], by=dev, now=timezone.now())
    session = series.sessions.order_by("starts_at").last()
    book(session, sam)
    path = renew(sam)
    assert len(events(client.get(path))) == 1
    rest = series.suspend(first=TODAY, last=session.local_date, by=dev, now=timezone.now())
    assert events(client.get(path)) == {}
    rest.lift(by=dev, now=timezone.now())
    assert len(events(client.get(path))) == 1


def test_t10_a_session_cancelled_while_it_rests_stays_as_cancelled(client, frozen, sam, dev, make_series):
    now = timezone.now()
    make_series(count=2).schedule(leads=[dev], by=dev, now=now)
    session = Session.objects.order_by("starts_at").last()
    session.join(by=sam, now=now)
    session.series.suspend(first=session.local_date, last=session.local_date, by=dev, now=now)
    path = renew(sam)
    assert events(client.get(path)) == {}
    session.cancel(by=dev, now=now)
    (event,) = events(client.get(path)).values()
    assert (str(event["status"]), int(event["sequence"])) == ("CANCELLED", 2)


def test_t10_a_moved_session_keeps_its_uid_and_raises_its_number(client, sam, ana, booked):
    path = renew(sam)
    ((uid, before),) = events(client.get(path)).items()
    later = booked.starts_at + timedelta(hours=2)
    with transaction.atomic():
        booked.locked()._change(
            timezone.now(),
            ana,
            starts_at=later,
            ends_at=later + timedelta(minutes=75),
            room_free_at=later + timedelta(minutes=90),
        )
    after = events(client.get(path))[uid]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["dtstart"].dt == later


def test_t10_a_calendar_without_a_place_is_still_a_calendar(client, frozen, sam):
    calendar = Calendar.from_ical(client.get(renew(sam)).content)
    assert calendar["version"] == "2.0"
    assert len(calendar.subcomponents) == 1


def test_t10_the_file_is_private_and_known_by_its_etag(client, sam, booked, django_assert_num_queries):
    path = renew(sam)
    first = client.get(path)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, no-cache"
    assert first["X-Content-Type-Options"] == "nosniff"
    assert first["ETag"].startswith('"')
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    with django_assert_num_queries(2):
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (first["ETag"], "private, no-cache")
    head = client.head(path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])


def test_t10_the_etag_changes_with_whatever_the_file_says(client, frozen, sam, ana, booked):
    plain, seen = renew(sam), set()
    seen.add(client.get(plain)["ETag"])
    booked.group.name = "Another name"
    booked.group.save()
    assert client.get(plain)["ETag"] in seen  # it says no name
    detail = renew(sam, shows_detail=True)
    seen.add(client.get(detail)["ETag"])
    booked.room.name = "Elm room"
    booked.room.save()
    seen.add(client.get(detail)["ETag"])
    booked.cancel(by=ana, now=timezone.now())
    seen.add(client.get(detail)["ETag"])
    assert len(seen) == 4


@pytest.mark.parametrize("number", [1, 40])
def test_t10_the_same_queries_with_one_place_and_with_forty(client, frozen, sam, make_session, number):
    for days in range(1, number + 1):
        book(make_session(day=TODAY + timedelta(days=days)), sam)
    path = renew(sam, shows_detail=True)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(path)
    assert len(events(response)) == number
    assert len(queries) == 2


def test_t10_a_new_address_ends_the_old_one(client, sam, booked):
    old = renew(sam)
    new = renew(sam)
    assert [client.get(path).status_code for path in (old, new)] == [404, 200]
    assert CalendarFeed.objects.standing().count() == 1


def test_t10_only_the_hash_of_an_address_is_kept(frozen, sam):
    feed, token = CalendarFeed.objects.renew(sam, shows_detail=False, now=timezone.now())
    assert len(token) == 43
    assert len(bytes(feed.token_hash)) == 32
    assert token.encode() not in bytes(feed.token_hash)


def test_t10_two_standing_addresses_of_one_client_are_refused_by_the_database(frozen, sam):
    renew(sam)
    with pytest.raises(IntegrityError, match=r"one_standing_feed_per_client|UNIQUE"), transaction.atomic():
        CalendarFeed.objects.create(client=sam, token_hash=b"x" * 32, created_at=timezone.now())


def test_t10_a6_a_stay_that_ends_ends_the_address_and_no_other_stay_brings_it_back(
    client, frozen, sam, mara, booked
):
    path, now = renew(sam), timezone.now()
    actions.discharge(client=sam, on=TODAY, by=mara, now=now)
    assert client.get(path).status_code == 404
    assert CalendarFeed.objects.get().revoked_at == now
    with pytest.raises(PermissionDenied):
        renew(User.objects.get(pk=sam.pk))
    frozen.shift(timedelta(days=5))
    actions.readmit(client=sam, on=timezone.localdate(), bed="", by=mara, now=timezone.now())
    assert client.get(path).status_code == 404


def test_t10_a_death_ends_the_address(client, frozen, sam, mara, booked):
    path = renew(sam)
    actions.record_death(client=sam, on=TODAY, by=mara, now=timezone.now())
    assert client.get(path).status_code == 404
    assert CalendarFeed.objects.standing().count() == 0


@pytest.mark.parametrize(
    "fields",
    [{"is_active": False}, {"away_since": date(2026, 11, 20)}, {"role": "clinician"}],
    ids=["closed", "alum", "no client"],
)
def test_t10_an_account_that_may_not_have_one_opens_nothing(client, sam, booked, fields):
    path = renew(sam)
    User.objects.filter(pk=sam.pk).update(**fields)
    assert client.get(path).status_code == 404


def test_t10_each_wrong_address_gets_the_same_bytes_as_one_that_never_was(client, sam, mara, booked):
    revoked, unknown = renew(sam), client.get("/no/such/page/")
    renew(sam)
    for path in (revoked, NO_ADDRESS, "/calendar/.ics", "/calendar/é🌿.ics"):
        response = client.get(path)
        assert (response.status_code, response.content) == (404, unknown.content), path
        assert dict(response.headers) | {"Content-Security-Policy": ""} == dict(unknown.headers) | {
            "Content-Security-Policy": ""
        }
        assert not response.cookies
        assert client.head(path).status_code == 404


def test_t10_wrong_addresses_are_limited_and_right_ones_never(client, sam, booked, monkeypatch):
    monkeypatch.setattr(secret_addresses, "TRIES", {"secret_address": "3/5m/ip"})
    path = renew(sam)
    assert [client.get(f"/calendar/guess{n}.ics").status_code for n in range(5)] == [404, 404, 404, 429, 429]
    assert client.get("/calendar/guess.ics")["Retry-After"] == "300"
    assert client.get(path).status_code == 200


def test_t10_polling_keeps_nobody_signed_in(client_of, frozen, sam, booked):
    path, browser = renew(sam), client_of(sam)
    browser.get("/me/")
    frozen.shift(timedelta(minutes=14))
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(path)
    assert not any("django_session" in query["sql"] for query in queries)
    assert not response.cookies
    assert "no-store" not in response["Cache-Control"]
    frozen.shift(timedelta(minutes=2))
    assert browser.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/calendar/s3cret.ics", "/schedule/board/s3cret/", "/calendar/s3cret.ics?a=s3cret"]
)
def test_t10_no_address_reaches_a_log(path):
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": (path,)})
    Redact().filter(record)
    assert "s3cret" not in record.getMessage()
