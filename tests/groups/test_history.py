"""Who changed a plan, and what stood before, in words (T7 and whatever changes a group or a room)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from groups import handover, history
from groups.models import Facilitator, Group, Kind, Room, Series, Session
from groups.models.recorded import begin, changed
from tests.groups.conftest import NOW, TODAY, residents

TOMORROW = TODAY + timedelta(days=1)


def told(row: Group | Room | Series | Session) -> list[tuple[str, str, str, str]]:
    return [
        (act.by, change.label, change.old, change.new)
        for act in history.read(row).acts
        for change in act.changes
    ]


def page(row: Group | Room | Series | Session) -> str:
    return reverse(f"groups:{row._meta.model_name}_history", args=[row.pk])


def test_a_group_s_history_has_labels_and_names_instead_of_columns_and_numbers(seeking, mara, dev):
    first = Group.objects.create(name="Morning circle", purpose="To arrive.", kind=Kind.CIRCLE, capacity=5)
    seeking.capacity, seeking.prerequisite = 5, first
    seeking.keep(by=mara, now=NOW)
    seeking.kind = Kind.ART
    seeking.keep(by=dev, now=NOW)
    seeking.end(by=mara, now=NOW)
    assert told(seeking) == [
        ("Mara Lind", "Standing", "goes on", "ended"),
        ("Dev Patel", "Kind", "therapy", "art"),
        ("Mara Lind", "Places", "3", "5"),
        ("Mara Lind", "Comes after", "nothing", "Morning circle"),
    ]


def test_a_room_that_is_older_than_its_history_has_what_stood_before(oak, mara):
    Room.history.all().delete()
    oak.turnover_minutes = 20
    oak.keep(by=mara, now=NOW)
    assert told(oak) == [("Mara Lind", "Minutes to get it ready again", "15", "20")]
    assert len(history.read(oak).acts) == 1


def test_a_session_s_first_change_knows_how_it_was_planned_and_each_who_led(make_series, oak, mara, dev, ana):
    make_series().schedule(leads=[dev], by=mara, now=NOW)
    session = Session.objects.earliest("starts_at")
    assert not session.history.exists()
    studio = Room.objects.create(name="Studio", capacity=5)
    session._change(NOW, mara, room=studio, own_room=True)
    session.substitute(ana, instead_of=dev, by=dev, now=NOW)
    session.cancel(by=ana, now=NOW)
    assert told(session) == [
        ("Ana Ruiz", "Standing", "takes place", "cancelled"),
        ("Dev Patel", "Led by", "Dev Patel", "Ana Ruiz, who stands in for Dev Patel"),
        ("Mara Lind", "Room", "Oak room", "Studio"),
    ]
    assert history.read(session).acts[-1].is_first


def test_times_stand_in_the_program_s_zone(make_session, mara):
    session = make_session(day=TOMORROW)
    session._change(NOW, mara, starts_at=session.starts_at + timedelta(minutes=15))
    [(_by, label, old, new)] = told(session)
    assert label == "When"
    assert old == "Wednesday, 25 November 2026, 1:00 p.m. to 2:15 p.m."
    assert new == "Wednesday, 25 November 2026, 1:15 p.m. to 2:15 p.m."


def test_a_series_says_its_rule_in_words_old_and_new(make_series, mara, dev):
    series = make_series()
    series.schedule(leads=[dev], by=mara, now=NOW)
    series.until, series._history_user = TODAY + timedelta(days=20), dev
    series.save()
    assert told(series)[0][:2] == ("Dev Patel", "Rule")
    assert told(series)[0][2].endswith("with no end")
    assert told(series)[0][3].endswith("until 14 December")


def test_whoever_takes_a_session_on_or_hands_it_over_stands_in_its_history(make_session, dev, ana, mara):
    session = make_session(day=TOMORROW)
    session.take_over(by=dev, now=NOW)
    led = handover.Led(session.pk, None, [session])
    handover.pass_on(led, leaver=dev, to=ana, by=mara, now=NOW)
    assert told(session) == [
        ("Mara Lind", "Led by", "Dev Patel", "Ana Ruiz"),
        ("Dev Patel", "Led by", "nobody", "Dev Patel"),
    ]


def test_many_at_once_are_begun_and_recorded_in_as_many_queries_as_one(
    make_session, dev, mara, django_assert_num_queries
):
    sessions = [make_session(day=TOMORROW + timedelta(days=n), lead=dev) for n in range(8)]
    Session.history.all().delete()  # as after laying out
    with django_assert_num_queries(7):
        begin(sessions)
        Facilitator.objects.update(person=mara)
        changed(sessions, by=mara, now=NOW)
    assert told(sessions[3]) == [("Mara Lind", "Led by", "Dev Patel", "Mara Lind")]
    begin(sessions)
    assert Session.history.count() == 16


def test_the_pages_are_for_staff_and_name_no_client(frozen, client_of, make_session, mara, dev, sam):
    session = make_session(day=TOMORROW, lead=dev)
    session.join(by=sam, now=NOW)
    session.cancel(by=mara, now=NOW)
    html = client_of(dev).get(page(session)).content.decode()
    assert "Mara Lind" in html
    assert "Sam" not in html
    assert client_of(sam).get(page(session)).status_code == 404
    assert client_of(dev).get(session.get_absolute_url()).content.decode().count(page(session)) == 1


@pytest.mark.parametrize("number", [1, 30])
def test_a_long_history_comes_in_parts_with_as_many_queries_as_a_short_one(
    frozen, client_of, seeking, mara, number, django_assert_max_num_queries
):
    people = residents(2)
    for n in range(number):
        seeking.capacity, seeking._history_user = 4 + n, people[n % 2]
        seeking.save()
    browser = client_of(mara)
    with django_assert_max_num_queries(6):
        html = browser.get(page(seeking)).content.decode()
    assert ("?after=" in html) == (number == 30)
    if number == 30:
        rest = history.read(seeking, after=history.read(seeking).after)
        assert len(rest.acts) == 11
        assert rest.after is None
        assert rest.acts[0].changes[0].new == "13"
    for nonsense in ("x", "-1", "9" * 30, "²"):
        assert browser.get(page(seeking), {"after": nonsense}).status_code == 200


def test_nothing_changed_so_far_is_said(frozen, client_of, make_series, mara, dev):
    make_series().schedule(leads=[dev], by=mara, now=NOW)
    html = client_of(dev).get(page(Session.objects.earliest("starts_at"))).content.decode()
    assert "Nothing was changed so far." in html


def test_a9_handing_over_a_series_stands_in_its_history_and_not_in_the_next_change(
    make_series, dev, ana, mara
):
    series = make_series()
    series.schedule(leads=[dev], by=dev, now=NOW)
    [led] = handover.led_by(dev, NOW)
    handover.pass_on(led, leaver=dev, to=ana, by=mara, now=NOW)
    series = Series.objects.get()
    series.until, series._history_user = TODAY + timedelta(days=20), ana
    series.save()
    assert [act[:2] for act in told(series)] == [("Ana Ruiz", "Rule"), ("Mara Lind", "Led by")]


@pytest.mark.parametrize("is_gone", [False, True])
def test_a9_whom_somebody_stands_in_for_stands_in_the_history_too(is_gone, make_series, dev, ana, eli, mara):
    series = make_series(until=TODAY + timedelta(days=8))
    series.schedule(leads=[dev], by=dev, now=NOW)
    session = series.sessions.in_order()[0]
    session.substitute(ana, instead_of=dev, by=dev, now=NOW)
    if is_gone:
        handover.let_go(dev, by=mara, now=NOW)
    else:
        [led] = handover.led_by(dev, NOW)
        handover.pass_on(led, leaver=dev, to=eli, by=mara, now=NOW)
    beside = "Ana Ruiz, who stands in for "
    after = "Ana Ruiz" if is_gone else f"{beside}Eli Brook"
    assert told(session)[0] == ("Mara Lind", "Led by", f"{beside}Dev Patel", after)
