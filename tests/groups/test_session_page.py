"""What the page of a session tells staff: who was on it, who is away, what was allowed, what to undo."""

import uuid
from datetime import timedelta

import pytest

from groups.models import Edit, Facilitator, Leave
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_moving import move
from tests.groups.test_moving_pages import words
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
TOMORROW = TODAY + timedelta(days=1)


def test_b9_a_cancelled_session_says_how_many_were_on_it(client_of, ana, dev, mara, noor, make_session):
    session = make_session(day=TOMORROW, lead=dev)
    for person in [noor, *residents(2)]:
        session.join(by=person, now=NOW)
    session.cancel(by=dev, now=NOW)
    seen = {
        user.username: words(client_of(user).get(session.get_absolute_url())) for user in (ana, dev, mara)
    }
    assert all("3 people were on it, and were told." in text for text in seen.values())
    assert not any("Nobody was on it" in text for text in seen.values())
    assert ["Noor" in seen[name] for name in ("dev", "mara")] == [True, False]


def test_b9_a_cancelled_session_that_nobody_was_on_says_so(client_of, dev, make_session):
    session = make_session(day=TOMORROW, lead=dev)
    session.cancel(by=dev, now=NOW)
    text = words(client_of(dev).get(session.get_absolute_url()))
    assert "Nobody was on it." in text
    assert "told." not in text


def test_c2_staff_read_why_somebody_may_be_in_two_places(client_of, ana, dev, mara, sam, make_session):
    session = make_session(day=TOMORROW, lead=ana)
    given = {"overlap_allowed_by": mara, "overlap_reason": "Both are next door"}
    Facilitator.objects.filter(session=session).update(**given)
    said = f"{ana} is in two places at this time: Both are next door (allowed by {mara})"
    assert said in words(client_of(dev).get(session.get_absolute_url()))
    assert "next door" not in words(client_of(sam).get(session.get_absolute_url()))


def test_t9_staff_read_that_who_leads_is_away_that_day(client_of, ana, dev, mara, sam, make_session):
    session = make_session(day=TOMORROW, lead=ana)
    Leave.objects.note(person=ana, first=TOMORROW, last=TOMORROW, by=mara, now=NOW)
    for user, way in ((mara, "Find somebody to stand in"), (dev, "If you could lead it, tell one of them.")):
        text = words(client_of(user).get(session.get_absolute_url()))
        assert f"{ana} is away that day. Somebody else is needed." in text
        assert way in text
        assert "Leads this session." not in text
    assert "is away" not in words(client_of(sam).get(session.get_absolute_url()))


def test_t7_who_moved_it_a_moment_ago_can_undo_it_there(client_of, ana, mara, make_session):
    session = make_session(day=TOMORROW, lead=ana)
    move(session, ana, day=TODAY + timedelta(days=2))
    undo = page("edit_undo", Edit.objects.get().pk)
    assert undo in words(client_of(ana).get(session.get_absolute_url()))
    assert undo not in words(client_of(mara).get(session.get_absolute_url()))  # not hers
    assert client_of(ana).post(undo).status_code == 303
    session.refresh_from_db()
    assert session.local_date == TOMORROW
    assert "Undo it" not in words(client_of(ana).get(session.get_absolute_url()))


def test_t7_a_quarter_of_an_hour_later_no_undo_is_offered(client_of, ana, make_session):
    session = make_session(day=TOMORROW, lead=ana)
    move(session, ana, now=NOW - timedelta(minutes=16), day=TODAY + timedelta(days=2))
    assert "Undo it" not in words(client_of(ana).get(session.get_absolute_url()))


def test_t4_the_page_of_a_session_asks_as_much_with_one_on_it_as_with_thirty(
    client_of, dev, make_session, seeking, oak, django_assert_num_queries
):
    session, browser = make_session(day=TOMORROW, lead=dev), client_of(dev)
    seeking.capacity = oak.capacity = 40
    seeking.save()
    oak.save()
    people = residents(30)
    for number in (1, 30):
        for person in people[:number]:
            session.join(by=person, now=NOW)
        browser.get(session.get_absolute_url())
        with django_assert_num_queries(12):
            browser.get(session.get_absolute_url())


def test_t6_an_ended_series_offers_neither_a_rest_nor_a_change(client_of, dev, make_series):
    series = make_series()
    series.schedule(leads=[dev], by=dev, now=NOW)
    session = series.sessions.order_by("starts_at")[1]
    browser, change, rest = client_of(dev), page("series_change", series.pk), page("suspend", series.pk)
    for path, link in ((session.get_absolute_url(), change), (series.get_absolute_url(), rest)):
        assert link in words(browser.get(path))
    series.end(on=TODAY - timedelta(days=1), by=dev, now=NOW, token=uuid.uuid4())
    for path, link in ((session.get_absolute_url(), change), (series.get_absolute_url(), rest)):
        assert link not in words(browser.get(path))


def test_c1_an_ended_group_offers_no_planning(client_of, dev, seeking):
    browser, plan = client_of(dev), f"{page('series_create')}?group={seeking.pk}"
    assert plan in words(browser.get(seeking.get_absolute_url()))
    seeking.end(by=dev, now=NOW)
    assert plan not in words(browser.get(seeking.get_absolute_url()))
