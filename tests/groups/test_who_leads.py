"""Who leads one session after a change, and who hears of it (B9, C2, T7)."""

import uuid
from datetime import time, timedelta

import pytest

from accounts.roles import Role
from groups.answers import Answer
from groups.history import read
from groups.models import Booking, Facilitator, Room, Session
from groups.models.moving import Move
from groups.stand_ins import candidates
from notifications.models import Notification
from tests.cast import person
from tests.groups.conftest import NOW, TODAY

pytestmark = pytest.mark.usefixtures("frozen")
SUB, State = Facilitator.Role.SUBSTITUTE, Notification.State
DAY = timedelta(days=1)


@pytest.fixture
def kim(db):
    return person("kim", Role.CLINICIAN, "Kim Adu", "they, them")


@pytest.fixture
def laid_out(make_series, ana, dev) -> Session:
    """Led by Ana together with Dev, in two weeks."""
    series = make_series(count=3)
    series.schedule(leads=[ana, dev], by=ana, now=NOW)
    return series.sessions.get(rule_date=TODAY + 14 * DAY)


def move(session: Session, by, *, answer=None, now=NOW, **changes):
    to = Move(**{**vars(Move.of(session)), **changes})
    return session.move(to, by=by, now=now, token=uuid.uuid4(), answer=answer)


def rows(session: Session) -> set[tuple]:
    found = session.facilitators.select_related("person", "stands_in_for")
    return {
        (row.person.username, row.role, row.stands_in_for and row.stands_in_for.username) for row in found
    }


def told(user) -> list[str]:
    """What the staff hear, read by them at once, so that it can be said again."""
    mine = Notification.objects.filter(recipient=user, read_at=None, shown_at__isnull=False)
    kinds = sorted(mine.values_list("kind", flat=True))
    mine.update(read_at=NOW)
    return [kind.removeprefix("groups.") for kind in kinds]


def test_b9_who_comes_for_one_session_reads_its_list_only_around_it(laid_out, ana, dev, kim, mara, noor):
    Booking.objects.create(session=laid_out, client=noor, state="confirmed", joined_at=NOW)
    move(laid_out, ana, leads=(kim, dev))
    assert rows(laid_out) == {("kim", SUB, "ana"), ("dev", "co", None)}
    assert laid_out.own_people
    assert laid_out.people == [kim, dev]
    assert not laid_out.is_read_by(kim, NOW)
    assert not Booking.objects.visible_to(kim).exists()
    assert laid_out.is_read_by(kim, laid_out.starts_at - timedelta(hours=24))
    last = move(laid_out, mara, leads=(dev, kim))
    assert rows(laid_out) == {("kim", SUB, "ana"), ("dev", "lead", None)}
    last.undo(by=mara, now=NOW)
    assert rows(laid_out) == {("kim", SUB, "ana"), ("dev", "co", None)}


def test_b9_who_comes_for_a_substitute_stands_in_for_the_same_person(laid_out, ana, dev, eli, kim, mara):
    move(laid_out, ana, leads=(kim, dev))
    lou = person("lou", Role.CLINICIAN, "Lou Ek", "she, her")
    move(laid_out, mara, leads=(lou, dev))
    assert rows(laid_out) == {("lou", SUB, "ana"), ("dev", "co", None)}
    move(laid_out, mara, leads=(ana, dev))
    assert rows(laid_out) == {("ana", "lead", None), ("dev", "co", None)}
    laid_out.refresh_from_db()
    assert not laid_out.own_people


def test_b9_who_leads_the_series_or_what_nobody_led_leads_it(laid_out, ana, dev, kim, mara, make_session):
    move(laid_out, mara, leads=(dev,))
    move(laid_out, mara, leads=(kim,))
    assert rows(laid_out) == {("kim", SUB, "dev")}
    move(laid_out, mara, leads=(ana,))
    assert rows(laid_out) == {("ana", "lead", None)}
    empty = make_session(at=time(16))
    move(empty, mara, leads=(kim, ana))
    assert rows(empty) == {("kim", "lead", None), ("ana", "co", None)}
    move(empty, mara, leads=(ana, kim, dev))
    assert rows(empty) == {("ana", "lead", None), ("kim", "co", None), ("dev", "co", None)}


def test_b9_those_who_lead_hear_what_somebody_else_changed(laid_out, ana, dev, kim, mara):
    Notification.objects.all().delete()
    move(laid_out, mara, leads=(kim, dev), at=time(16))
    assert (told(ana), told(dev), told(kim), told(mara)) == (
        ["led_by_another"],
        ["plan_changed"],
        ["stood_in"],
        [],
    )
    move(laid_out, dev, at=time(17))
    assert (told(dev), told(kim), told(ana)) == ([], ["plan_changed"], [])
    laid_out.cancel(by=mara, now=NOW)
    assert (told(dev), told(kim)) == (["plan_changed"], ["plan_changed"])
    laid_out.reinstate(by=dev, now=NOW)
    assert (told(dev), told(kim)) == ([], ["plan_changed"])
    Notification.objects.filter(recipient=kim).update(state=State.SENT)
    move(laid_out, mara, leads=(ana, dev))
    move(laid_out, mara, leads=(kim, dev))
    assert (told(ana), told(kim)) == (["handed_over", "led_by_another"], ["led_by_another", "stood_in"])


def test_b9_a_client_hears_of_each_change_of_who_leads_on_one_day(make_session, ana, dev, kim, sam):
    session = make_session()
    session.join(by=sam, now=NOW)
    mine = Notification.objects.filter(recipient=sam, kind="groups.leads")
    session.take_over(by=dev, now=NOW)
    assert mine.get().state == State.DUE
    mine.update(state=State.SENT, shown_at=NOW, read_at=NOW)
    session.take_over(by=dev, now=NOW)  # twice is once, and is said once
    assert mine.get().state == State.SENT
    session.substitute(kim, instead_of=dev, by=dev, now=NOW)
    assert (mine.get().state, mine.get().read_at, mine.get().shown_at) == (State.DUE, None, None)
    later = NOW + timedelta(minutes=5)
    session.substitute(ana, instead_of=kim, by=kim, now=later)
    assert (mine.get().state, mine.get().not_before) == (State.DUE, NOW)  # not sent yet: once will do


def test_b9_called_off_twice_on_different_days_is_said_once_each_day(make_session, ana, sam, frozen):
    session = make_session(day=TODAY + 5 * DAY)
    session.join(by=sam, now=NOW)
    session.cancel(by=ana, now=NOW)
    session.reinstate(by=ana, now=NOW)
    Notification.objects.update(state=State.SENT, shown_at=NOW, read_at=NOW)
    frozen.move_to(NOW + DAY)
    session.cancel(by=ana, now=NOW + DAY)
    mine = Notification.objects.filter(recipient=sam, kind="groups.cancelled").order_by("due_on")
    assert list(mine.values_list("due_on", "state")) == [(TODAY, State.SENT), (TODAY + DAY, State.DUE)]


def test_b9_who_would_join_reads_who_sees_it_from_the_day_before(make_session, ana, kim, mara, sam):
    session = make_session(day=TODAY + 5 * DAY, lead=ana)
    session.substitute(kim, instead_of=ana, by=mara, now=NOW)
    words = "can see it, and Kim Adu from the day before. Other people who live here cannot."
    assert session.who_sees(sam).endswith(words)
    soon = make_session(at=time(20), lead=ana)
    soon.substitute(kim, instead_of=ana, by=mara, now=NOW)
    assert "Kim Adu can see it. Other" in soon.who_sees(sam)


def test_b9_a_session_that_rests_takes_nobodys_day(make_series, make_session, dev, ana):
    series = make_series(count=2, start_time=time(20))
    series.schedule(leads=[dev], by=dev, now=NOW)
    session = make_session(day=TODAY + 7 * DAY, lead=ana)
    assert [one.that_day for one in candidates(session, NOW) if one.person == dev] == [1]
    series.suspend(first=session.local_date, last=session.local_date, by=dev, now=NOW)
    assert [one.that_day for one in candidates(session, NOW) if one.person == dev] == [0]


def test_c2_what_a_manager_wrote_outlives_the_row(make_session, ana, dev, kim, mara):
    studio = Room.objects.create(name="Studio", capacity=5)
    session = make_session(lead=ana)
    make_session(room=studio, at=time(16), lead=ana)
    answer = Answer(twice=frozenset([TODAY]), reason="One hall: 2 doors ~ fine")
    edit = move(session, mara, at=time(16), answer=answer)
    assert "Ana Ruiz, in two places (One hall: 2 doors ~ fine)" in acts(session)
    other = move(session, mara, at=time(19))
    assert session.facilitators.get().overlap_reason == ""
    assert acts(session).count("One hall: 2 doors ~ fine") == 2
    other.undo(by=mara, now=NOW)
    session.refresh_from_db()
    session.substitute(kim, instead_of=ana, by=mara, now=NOW)
    assert "One hall: 2 doors ~ fine" in acts(session)
    assert not edit.can_be_undone(NOW)


def test_c2_what_a_manager_wrote_in_a_plan_outlives_the_next_move(make_series, make_session, ana, mara):
    studio = Room.objects.create(name="Studio", capacity=5)
    make_session(at=time(18), lead=ana)
    series, answer = make_series(room=studio, count=1), Answer(twice=frozenset([TODAY]), reason="Door open.")
    series.schedule(leads=[ana], by=mara, now=NOW, answer=answer)
    session = series.sessions.get()
    move(session, mara, at=time(20))
    assert session.facilitators.get().overlap_reason == ""
    assert "Ana Ruiz, in two places (Door open.) > Ana Ruiz" in acts(session)


def acts(session: Session) -> str:
    return "\n".join(f"{change.old} > {change.new}" for act in read(session).acts for change in act.changes)
