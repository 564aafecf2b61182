"""The outbox as a table: many messages at once, what is dropped, what could not go, what is forgotten."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from notifications import erasure, kinds, tasks, ways
from notifications.models import TOO_LATE, Notification, Preference, PushSubscription
from recovery_site.celery import app
from tests.notifications.conftest import OTHER, PLAIN, TODAY
from tests.notifications.test_bare_address import to_address

State = Notification.State
pytestmark = pytest.mark.django_db


def each(people, **changed):
    now = timezone.now()
    given = {"recipient_id": F("pk"), "kind": PLAIN, "about": F("pk"), "due_on": TODAY, "not_before": now}
    Notification.objects.post_each(people, **given | changed)


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} | {"id": None}


def test_t7_each_row_of_a_query_gets_one_message_and_twice_is_once(sam, noor, ana, django_assert_num_queries):
    people = User.objects.clients()
    with django_assert_num_queries(1):
        each(people)
    each(people)
    rows = Notification.objects.all()
    assert {row.recipient for row in rows} == {sam, noor}
    assert all(row.about == row.recipient_id for row in rows)
    assert len({row.pk for row in rows}) == 2


def test_t7_a_message_of_many_is_what_a_single_one_is(sam, post, frozen):
    """Every column that nobody names has its default."""
    single = post(sam, about=sam.pk, due_on=TODAY, not_before=timezone.now())
    before = columns(single)
    single.delete()
    each(User.objects.filter(pk=sam.pk))
    assert columns(Notification.objects.get()) == before


def test_row_26_what_an_outage_took_is_told_from_what_had_no_point(sam, post):
    late = post(sam, due_on=TODAY, state=State.DROPPED, error=TOO_LATE)
    post(sam, OTHER, due_on=TODAY, state=State.DROPPED)
    post(sam, due_on=TODAY - timedelta(days=1), state=State.DROPPED, error=TOO_LATE)
    assert list(Notification.objects.taken_by_outage(TODAY)) == [late]


@pytest.fixture
def waiting(sam, post):
    """One that nobody saw yet, one that stands under Notices, one to a new address of theirs, one sent."""
    unseen, seen, gone = post(sam), post(sam, shown_at=timezone.now()), post(sam, state=State.SENT)
    return unseen, seen, to_address(about=sam.pk), gone


def states(rows):
    return [Notification.objects.get(pk=row.pk).state for row in rows]


def test_a6_for_a_closed_account_all_that_waits_is_dropped_and_what_was_seen_stands(sam, waiting):
    sam.is_active = False
    sam.save()
    assert Notification.objects.drop(sam) == 2
    assert states(waiting) == [State.DROPPED, State.NOTED, State.DROPPED, State.SENT]
    assert not Notification.objects.exclude(address="").exists()


def test_a6_for_who_left_only_what_is_about_the_house_is_dropped(sam, waiting, post, monkeypatch):
    monkeypatch.setitem(kinds._kinds, OTHER, kinds.Kind(OTHER, "About.", str, for_residents=True))
    of_the_house = post(sam, OTHER)
    sam.away_since = date(2026, 11, 20)
    sam.save()
    assert Notification.objects.drop(sam) == 1
    assert states([of_the_house, *waiting]) == [State.DROPPED, *[State.DUE] * 3, State.SENT]


def test_k8_who_may_see_to_it_sees_what_could_not_be_delivered(sam, mara, dev, post):
    dead = post(sam, state=State.DEAD)
    post(sam)
    assert list(Notification.objects.undelivered_seen_by(mara)) == [dead]
    assert not Notification.objects.undelivered_seen_by(dev).exists()
    assert not Notification.objects.undelivered_seen_by(sam).exists()


def test_k8_the_oldest_that_should_be_out_is_known(sam, post, frozen):
    now = timezone.now()
    assert Notification.waiting_since(now) is None
    post(sam, not_before=now - timedelta(minutes=5))
    post(sam, not_before=now - timedelta(minutes=9))
    post(sam, not_before=now + timedelta(minutes=9))
    assert Notification.waiting_since(now) == now - timedelta(minutes=9)


def test_trying_again_wants_a_person_and_a_message_that_failed(sam, post, frozen):
    dead = post(sam, state=State.DEAD, attempts=5, error="TimeoutError")
    assert dead.try_again(now=timezone.now()) is True
    dead.refresh_from_db()
    assert (dead.state, dead.attempts, dead.error, dead.not_before) == (State.DUE, 0, "", timezone.now())
    assert dead.try_again(now=timezone.now()) is False
    assert to_address(state=State.DEAD, address="").try_again(now=timezone.now()) is False


def test_letting_it_be_keeps_the_notice_of_a_person_and_nothing_of_an_address(sam, post):
    theirs, bare, sent = (
        post(sam, state=State.DEAD),
        to_address(state=State.DEAD, address=""),
        post(sam, OTHER, state=State.SENT),
    )
    for row in (theirs, bare, sent):
        row.let_be()
    assert states([theirs, bare, sent]) == [State.NOTED, State.DROPPED, State.SENT]


def device(person, name):
    keys = {"endpoint": f"https://fcm.googleapis.com/fcm/send/{name}", "p256dh": "x", "auth": "x"}
    return PushSubscription.objects.turn_on(by=person, browser="Firefox", now=timezone.now(), **keys)


def test_a8_the_outbox_forgets_all_of_a_person_and_nothing_of_another(sam, noor, post):
    post(sam, state=State.SENT)
    to_address(about=sam.pk)
    for person in (sam, noor):
        device(person, person.username)
    others = {post(noor).pk, to_address().pk}
    erasure.forget(sam, timezone.now())
    assert {row.pk for row in Notification.objects.all()} == others
    assert [row.person for row in Preference.objects.all()] == [noor]
    assert [row.person for row in PushSubscription.objects.all()] == [noor]


def test_no_row_of_the_outbox_names_its_person(sam, post):
    """Such words reach logs and error reports."""
    rows = [post(sam), device(sam, "one"), Preference.objects.get(person=sam)]
    said = " ".join(map(str, rows))
    assert rows[0].kind in said
    for private in (str(sam), sam.username, sam.email, "fcm.googleapis.com"):
        assert private not in said


def test_the_clock_calls_the_sender(sam, post, mailoutbox, frozen):
    post(sam)
    assert tasks.deliver() == 1
    assert [sent.to for sent in mailoutbox] == [[sam.email]]
    assert tasks.deliver.name in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_a_kind_that_can_ask_for_many_at_once_is_asked_once(sam, noor, post, monkeypatch):
    asked = []

    def among(rows, now):
        asked.append(len(rows))
        return {rows[0].pk}

    monkeypatch.setitem(kinds._kinds, OTHER, kinds.Kind(OTHER, "About.", str, wanted_among=among))
    rows = [post(sam, OTHER), post(noor, OTHER)]
    assert kinds.get(OTHER).still_wanted(rows, timezone.now()) == {rows[0].pk}
    assert asked == [2]


def test_k5_mail_that_came_back_can_begin_again_and_another_choice_keeps_what_was(sam):
    Preference.objects.create(person=sam, bounced_at=timezone.now(), channel="notices")
    ways.choose(sam, tells_more=True)
    assert Preference.objects.get(person=sam).bounced_at
    ways.choose(sam, channel="mail")
    assert Preference.objects.get(person=sam).bounced_at is None


def test_k5_the_ways_on_offer_are_those_that_lead_to_the_person(sam):
    assert [way for way, _label in ways.to(sam)] == ["mail", "notices"]
    device(sam, "one")
    assert [way for way, _label in ways.to(sam)] == ["mail", "push", "notices"]


def test_k4_what_would_fall_into_new_quiet_hours_is_said_in_words(sam, monkeypatch):
    monkeypatch.setattr(ways, "_asked", [])
    ways.ask_before_quiet(lambda person, start, end: "")
    ways.ask_before_quiet(lambda person, start, end: f"{start}–{end}")
    assert ways.clashes(sam, "21:00", "08:00") == ["21:00–08:00"]
