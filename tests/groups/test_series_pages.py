from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from groups.models import Booking, Edit, Leave, Room, Series, Session
from tests.groups.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


@pytest.fixture
def weekly(frozen, make_series, dev) -> Series:
    """Tuesdays at six, led by Dev."""
    series = make_series()
    series.schedule(leads=[dev], by=dev, now=NOW)
    return Series.objects.get(pk=series.pk)


def path(series: Series, session: Session | None = None, page: str = "series_change") -> str:
    asked = f"?session={session.pk}" if session else ""
    return reverse(f"groups:{page}", args=[series.pk]) + asked


def on(series: Series, day) -> Session:
    return Session.objects.get(series=series, rule_date=day)


def typed(visitor: Client, address: str, **changes) -> dict:
    """The form as the page shows it, with these changes."""
    form = visitor.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (shown | changes).items() if value not in (None, False)}


def test_the_page_of_a_series_says_its_rule_and_what_comes(weekly, client_of, dev):
    page = client_of(dev).get(weekly.get_absolute_url()).content.decode()
    assert "Every week on Tuesday, 6:00 p.m. to 7:00 p.m., with no end" in page
    assert page.count("Seeking safety") > 8
    assert path(weekly) in page


def test_who_does_not_lead_it_reads_it_and_cannot_change_it(weekly, client_of, ana, eli, sam):
    page = client_of(ana).get(weekly.get_absolute_url()).content.decode()
    assert path(weekly) not in page
    assert client_of(ana).get(path(weekly)).status_code == 404
    assert client_of(sam).get(weekly.get_absolute_url()).status_code == 404
    assert client_of(eli).get(weekly.get_absolute_url()).status_code == 404


def test_the_form_begins_with_what_is(weekly, client_of, dev):
    visitor, session = client_of(dev), on(weekly, TODAY + WEEK)
    visitor.post(path(weekly, session), typed(visitor, path(weekly, session)))
    assert Edit.objects.get().scope == "following"
    linked = Series.objects.get(follows=weekly)
    assert (linked.rule, linked.start_time, linked.minutes, linked.room) == (
        *(weekly.rule, weekly.start_time, weekly.minutes, weekly.room),
    )
    assert set(Session.objects.values_list("sequence", flat=True)) == {0}


def test_changing_it_leads_to_the_linked_series(weekly, client_of, dev):
    elm = Room.objects.create(name="Elm room", capacity=9)
    visitor, session = client_of(dev), on(weekly, TODAY + WEEK)
    data = typed(visitor, path(weekly, session), room=elm.pk, weekdays=[1, 3])
    answer = visitor.post(path(weekly, session), data)
    linked = Series.objects.get(follows=weekly)
    assert (answer.status_code, answer["location"]) == (303, linked.get_absolute_url())
    assert linked.room == elm
    page = visitor.get(linked.get_absolute_url()).content.decode()
    assert "Undo the last change" in page
    assert weekly.get_absolute_url() in page


def test_t7_a_changed_rule_offers_no_single_session(weekly, client_of, dev):
    visitor, session = client_of(dev), on(weekly, TODAY + WEEK)
    data = typed(visitor, path(weekly, session), weekdays=[3], scope="this")
    assert visitor.post(path(weekly, session), data).status_code == 422
    assert Edit.objects.count() == 0
    assert "following" not in [
        value for value, _words in visitor.get(path(weekly)).context["form"].fields["scope"].choices
    ]


def test_t8_the_preview_says_in_numbers_what_would_happen(weekly, client_of, dev, sam):
    visitor, session = client_of(dev), on(weekly, TODAY + WEEK)
    Booking.objects.create(session=session, client=sam, state="confirmed", joined_at=NOW)
    address = path(weekly, session, "series_change_preview")
    data = typed(visitor, path(weekly, session), weekdays=[3])
    page = visitor.post(address, data, headers={"HX-Request": "true"}).content.decode()
    assert "12 dates go" in page
    assert "One place is lost" in page
    assert "one person" in page
    assert "Sam" not in page
    assert "11 dates come" in page
    assert Edit.objects.count() == 0
    whole = visitor.post(address, data).content.decode()
    assert ("12 dates go" in whole, "<h1>Change the series</h1>" in whole) == (True, True)


def test_c4_a_clash_is_asked_about_and_then_left_out(weekly, client_of, dev, ana, make_session):
    elm = Room.objects.create(name="Elm room", capacity=9)
    day = TODAY + WEEK
    make_session(day=day, at=weekly.start_time, room=elm, lead=ana)
    visitor = client_of(dev)
    data = typed(visitor, path(weekly), room=elm.pk)
    asked = visitor.post(path(weekly), data)
    assert asked.status_code == 422
    assert "Nothing is saved yet" in asked.content.decode()
    assert Edit.objects.count() == 0
    data |= {"clash-dates_0": day.isoformat(), "clash-choice_0": "skip"}
    assert visitor.post(path(weekly), data).status_code == 303
    assert on(weekly, day).cancelled_at
    assert weekly.skipped.get().day == day


def test_what_was_typed_stays_when_somebody_else_came_first(weekly, client_of, dev, mara):
    visitor, other = client_of(dev), client_of(mara)
    data = typed(visitor, path(weekly), start_time="17:00", end_time="18:30")
    other.post(path(weekly), typed(other, path(weekly), end_time="19:30"))
    answer = visitor.post(path(weekly), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this series" in page
    assert 'value="18:30"' in page
    again = answer.context["form"]
    data |= {"mark": again["mark"].value(), "client_token": again["client_token"].value()}
    assert visitor.post(path(weekly), data).status_code == 303
    weekly.refresh_from_db()
    assert weekly.minutes == 90


def test_sent_twice_it_is_one_edit(weekly, client_of, dev):
    visitor = client_of(dev)
    data = typed(visitor, path(weekly), end_time="19:30")
    assert [visitor.post(path(weekly), data).status_code for _time in range(2)] == [303, 303]
    assert Edit.objects.count() == 1


def test_ending_and_undoing(weekly, client_of, dev, ana, sam):
    visitor = client_of(dev)
    booking = Booking.objects.create(
        session=on(weekly, TODAY + 2 * WEEK), client=sam, state="confirmed", joined_at=NOW
    )
    address = path(weekly, page="series_end")
    data = typed(visitor, address, on=TODAY + WEEK, sure=(TODAY + WEEK).isoformat())
    assert visitor.post(address, data).status_code == 303
    booking.refresh_from_db()
    assert booking.state == "session_cancelled"
    edit = Edit.objects.get()
    undo = reverse("groups:edit_undo", args=[edit.pk])
    assert undo in visitor.get(weekly.get_absolute_url()).content.decode()
    assert client_of(ana).post(undo).status_code == 404
    assert visitor.post(undo).status_code == 303
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    assert undo not in visitor.get(weekly.get_absolute_url()).content.decode()


def test_t8_an_end_is_shown_before_it_is_done(weekly, client_of, dev, mara, noor):
    for week in (2, 3):
        session = on(weekly, TODAY + week * WEEK)
        Booking.objects.create(session=session, client=noor, state="confirmed", joined_at=NOW)
    address = path(weekly, page="series_end")
    for who in (dev, mara):
        visitor = client_of(who)
        data = typed(visitor, address, on=TODAY + WEEK)
        shown = visitor.post(address, data)
        html = " ".join(shown.content.decode().split())
        assert (shown.status_code, Edit.objects.count()) == (200, 0)
        assert "2 places are lost" in html
        assert ("Noor" in html) == (who == dev)
    other = data | {"sure": TODAY.isoformat()}  # the day was changed after looking: it is shown again
    assert (visitor.post(address, other).status_code, Edit.objects.count()) == (200, 0)
    sure = data | {"sure": shown.context["sure"]}
    assert (visitor.post(address, sure).status_code, Edit.objects.count()) == (303, 1)


def test_an_undo_that_comes_too_late_says_so(weekly, client_of, dev, sam):
    visitor = client_of(dev)
    visitor.post(path(weekly), typed(visitor, path(weekly), end_time="19:30"))
    Booking.objects.create(session=on(weekly, TODAY), client=sam, state="confirmed", joined_at=NOW)
    answer = visitor.post(reverse("groups:edit_undo", args=[Edit.objects.get().pk]))
    assert answer.status_code == 422
    assert "Something has happened since" in answer.content.decode()


def test_a_count_that_nobody_changed_is_what_is_left(make_series, client_of, dev, frozen):
    series = make_series(count=6)
    series.schedule(leads=[dev], by=dev, now=NOW)
    visitor, session = client_of(dev), on(series, TODAY + 2 * WEEK)
    data = typed(visitor, path(series, session), end_time="19:30")
    assert data["count"] == 4
    visitor.post(path(series, session), data | {"scope": "all"})
    series.refresh_from_db()
    assert (series.count, series.sessions.count()) == (6, 6)


@pytest.mark.parametrize("asked", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_forged_session_means_all(weekly, client_of, dev: User, asked):
    form = client_of(dev).get(path(weekly) + f"?session={asked}").context["form"]
    assert form.scopes == ["all"]


def test_b9_the_preview_says_that_who_would_lead_is_away(weekly, client_of, dev, ana):
    Leave.objects.note(
        person=ana, first=TODAY + timedelta(days=7), last=TODAY + timedelta(days=14), by=ana, now=NOW
    )
    visitor, address = client_of(dev), path(weekly)
    sent = typed(visitor, address, lead=ana.pk)
    html = visitor.post(path(weekly, page="series_change_preview"), sent).content.decode()
    assert "Ana Ruiz is away on 2 of these dates." in html
