"""What in the schedule waits for a decision, and of whom."""

from datetime import time, timedelta

import pytest

from accounts.models import AccessRecord
from groups import attention
from groups.models import Booking, Facilitator, Holiday, Leave, SkippedDate
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
DAY = timedelta(days=1)


def lose(session, client) -> Booking:
    """A place that an edit took away (T8)."""
    return Booking.objects.create(
        session=session,
        client=client,
        state=Booking.State.SESSION_CANCELLED,
        joined_at=NOW,
        closed_at=NOW,
        closed_from=Booking.State.CONFIRMED,
        needs_place_since=NOW,
    )


def skip(series, day) -> SkippedDate:
    return SkippedDate.objects.create(series=series, day=day, at=NOW)


@pytest.fixture
def waiting(ana, dev, mara, sam, make_session, make_series):
    """One of each for Ana; beside them what is Dev's, decided, far away or over."""
    Leave.objects.note(person=ana, first=TODAY + DAY, last=TODAY + DAY, by=ana, now=NOW)
    Holiday.objects.create(
        name="Rest", first=TODAY + 3 * DAY, last=TODAY + 3 * DAY, made_by=mara, made_at=NOW
    )
    series = make_series(until=TODAY + 7 * DAY)
    series.schedule(leads=[ana], by=mara, now=NOW)
    skip(series, TODAY + 4 * DAY)
    decided = skip(series, TODAY + 5 * DAY)
    decided.leave_out(by=mara, now=NOW)
    far = make_session(day=TODAY + 40 * DAY)
    make_session(day=TODAY - DAY)
    both = make_session(day=TODAY + DAY, at=time(8), lead=ana)
    Facilitator.objects.create(session=both, person=dev, role="co")
    return {
        "unled": make_session(day=TODAY + 2 * DAY),
        "away": make_session(day=TODAY + DAY, lead=ana),
        "holiday": make_session(day=TODAY + 3 * DAY, lead=ana),
        "lost": lose(far, sam),
    }


def test_b9_t8_t9_each_reads_what_is_theirs(waiting, ana, dev, mara):
    found = attention.compose(ana, NOW)
    assert found.unled == [waiting["unled"]]
    assert found.away == [waiting["away"]]
    assert found.holidays == [waiting["holiday"]]
    assert [row.day for row in found.unplaced] == [TODAY + 4 * DAY]
    assert found.bookings == [waiting["lost"]]
    others = attention.compose(dev, NOW)
    assert (others.unled, others.away, others.holidays) == ([waiting["unled"]], [], [])
    assert (others.unplaced, others.bookings, others.places) == ([], [], 0)
    everything = attention.compose(mara, NOW)
    assert (everything.away, everything.places, everything.bookings) == ([waiting["away"]], 1, [])


def test_the_numbers_are_those_of_the_list(waiting, ana, dev, mara, django_assert_num_queries):
    for person in (ana, dev, mara):
        found = attention.compose(person, NOW)
        with django_assert_num_queries(1):
            counts = attention.count(person, NOW)
        unattended = len(found.unled) + len(found.away)
        listed = (unattended, len(found.holidays), len(found.unplaced), found.places)
        assert listed == (counts.unattended, counts.holidays, counts.unplaced, counts.places)
        assert not counts.is_quiet


def test_a_session_that_somebody_stands_in_for_is_settled(waiting, ana, dev):
    waiting["away"].substitute(dev, instead_of=ana, by=ana, now=NOW)
    assert attention.compose(ana, NOW).away == []


def test_when_nothing_waits_the_pages_say_so(client_of, ana, mara):
    for person in (ana, mara):
        browser = client_of(person)
        assert "Nothing in the schedule waits for you." in browser.get(page("attention")).content.decode()
        assert "Nothing in the schedule waits for you." in browser.get("/today/").content.decode()


def test_names_are_read_by_the_care_team_alone_and_each_look_is_noted(client_of, waiting, sam, ana, mara):
    html = client_of(ana).get(page("attention")).content.decode()
    assert "<bdi>Sam</bdi>" in html
    assert page("place_finding", waiting["lost"].pk) in html
    assert AccessRecord.objects.filter(actor=ana, subject_id=sam.pk).exists()
    html = client_of(mara).get(page("attention")).content.decode()
    assert "One person waits for another place." in " ".join(html.split())
    assert "Sam" not in html
    assert not AccessRecord.objects.filter(actor=mara).exists()


def test_today_counts_and_notes_no_look(client_of, waiting, ana):
    html = " ".join(client_of(ana).get("/today/").content.decode().split())
    assert "2 sessions ahead have nobody to lead them." in html
    assert "One person needs another place." in html
    assert not AccessRecord.objects.exists()


def test_c4_a_day_is_left_out_or_planned_elsewhere(client_of, waiting, ana, dev, mara):
    skipped = SkippedDate.objects.get(skipped_by=None)
    html = client_of(ana).get(page("attention")).content.decode()
    assert f"group={skipped.series.group_id}&amp;date=2026-11-28&amp;time=18:00" in html
    path = page("date_leaving_out", skipped.series_id, "2026-11-28")
    assert client_of(dev).post(path).status_code == 404
    assert client_of(ana).post(page("date_leaving_out", skipped.series_id, "nonsense")).status_code == 404
    assert client_of(ana).post(path).status_code == 303
    skipped.refresh_from_db()
    assert skipped.skipped_by == ana
    skipped.leave_out(by=mara, now=NOW)
    assert skipped.skipped_by == ana


@pytest.mark.parametrize("rows", [1, 15])
@pytest.mark.parametrize(("name", "queries"), [("ana", 13), ("mara", 10)])
def test_the_list_costs_the_same_for_one_and_for_many(
    rows, name, queries, cast, client_of, make_session, make_series, django_assert_num_queries
):
    ana, mara = cast["ana"], cast["mara"]
    Leave.objects.note(person=ana, first=TODAY + 10 * DAY, last=TODAY + 12 * DAY, by=ana, now=NOW)
    Holiday.objects.create(
        name="Rest", first=TODAY + 13 * DAY, last=TODAY + 13 * DAY, made_by=mara, made_at=NOW
    )
    for n in range(rows):
        at = time(7 + n // 2, n % 2 * 30)
        make_session(day=TODAY + 9 * DAY, at=at, minutes=15)
        make_session(day=TODAY + 10 * DAY, at=at, minutes=15, lead=ana)
        make_session(day=TODAY + 13 * DAY, at=at, minutes=15, lead=ana)
        series = make_series(until=TODAY)
        series.created_by = mara
        series.save()
        Facilitator.objects.create(series=series, person=ana)
        skip(series, TODAY + 4 * DAY)
    lose(make_session(day=TODAY + 20 * DAY, lead=ana), cast["sam"])
    browser = client_of(cast[name])
    with django_assert_num_queries(queries):
        browser.get(page("attention"))
