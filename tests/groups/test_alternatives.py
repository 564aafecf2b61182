"""What else a client could join whose session was called off (B9)."""

from datetime import date, time, timedelta

import pytest

from accounts.models import Stay
from groups.models import Admission, Attendance, Booking, Group, Kind, Session
from groups.refusals import Refused
from tests.groups.conftest import NOW, TODAY, residents

State = Booking.State
pytestmark = pytest.mark.usefixtures("frozen")


def test_b9_the_same_kind_comes_first_then_the_same_pace_then_the_others(
    make_session, seeking, sam, ana, other_group
):
    off = make_session()
    kind = make_session(day=date(2026, 11, 30), **other_group("Circle of three", Kind.THERAPY))
    pace = make_session(day=date(2026, 11, 26), **other_group("Clay", pace=seeking.pace))
    other = make_session(day=TODAY, at=time(17), **other_group("Run"))
    make_session(day=date(2026, 11, 25), **other_group("Swim"))
    off.join(by=sam, now=NOW)
    off.cancel(by=ana, now=NOW)
    assert list(Session.objects.instead_of(off, sam, NOW)) == [kind, pace, other]


def test_b9_what_one_may_not_join_is_never_an_alternative(make_session, sam, ana, other_group):
    off, busy = make_session(), make_session(day=date(2026, 11, 25), **other_group("Mine"))
    for session in (off, busy):
        session.join(by=sam, now=NOW)
    full = make_session(day=date(2026, 11, 25), at=time(9), **other_group("Full"))
    for person in residents(2):
        full.join(by=person, now=NOW)
    make_session(day=date(2026, 11, 25), **other_group("At the same time"))
    make_session(at=time(16), **other_group("Closed", admission=Admission.CLOSED))
    make_session(day=date(2026, 11, 20), **other_group("Past"))
    make_session(day=date(2026, 12, 5), **other_group("Too late"))
    later = make_session(day=date(2026, 11, 28), **other_group("After they left"))
    gone = make_session(at=time(19), **other_group("Also off"))
    gone.cancel(by=ana, now=NOW)
    Stay.objects.filter(client=sam).update(discharged_on=date(2026, 11, 27))
    good = make_session(day=date(2026, 11, 26), at=time(9), **other_group("Good"))
    off.cancel(by=ana, now=NOW)
    offered = list(Session.objects.instead_of(off, sam, NOW))
    assert offered == [good]
    with pytest.raises(Refused):
        later.join(by=sam, now=NOW)
    assert offered[0].join(by=sam, now=NOW).state == State.CONFIRMED


def test_b9_a_client_who_was_on_it_sees_up_to_three_on_its_page(
    make_session, sam, noor, ana, other_group, client_of, django_assert_num_queries
):
    off = make_session()
    off.join(by=sam, now=NOW)
    off.cancel(by=ana, now=NOW)
    for n in range(4):
        make_session(day=date(2026, 11, 25 + n), at=time(9 + n), **other_group(f"Open {n}"))
    page = client_of(sam).get(off.get_absolute_url()).content.decode()
    assert page.count("Look and join") == 3
    assert "Open 3" not in page
    assert "You could join instead" not in client_of(noor).get(off.get_absolute_url()).content.decode()
    with django_assert_num_queries(1):
        assert [session.free for session in Session.objects.instead_of(off, sam, NOW)] == [2, 2, 2]


def test_b9_b6_a_group_that_comes_after_another_is_offered_to_those_who_were_there(
    make_session, seeking, sam, mara, ana, other_group
):
    after = make_session(day=date(2026, 11, 25), **other_group("Afterwards"))
    Group.objects.filter(pk=after.group_id).update(prerequisite=seeking)
    off = make_session()
    off.join(by=sam, now=NOW)
    off.cancel(by=ana, now=NOW)
    assert list(Session.objects.instead_of(off, sam, NOW)) == []
    for n in range(1, 4):
        Attendance.objects.create(
            session=make_session(day=TODAY - timedelta(days=n)),
            client=sam,
            state="present",
            recorded_by=mara,
            recorded_at=NOW,
        )
    assert list(Session.objects.instead_of(off, sam, NOW)) == [after]
