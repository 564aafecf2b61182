"""Somebody leaves for good: what they stood in for, and who stands in for them (A9, B9)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.roles import Role
from groups import handover
from groups.models import Facilitator, Leave
from recovery_site.actions.handover import close_staff_account
from recovery_site.actions.role import change_role
from tests.cast import person
from tests.groups.conftest import NOW, TODAY

pytestmark = pytest.mark.usefixtures("frozen")
DAY = timedelta(days=1)


@pytest.fixture
def kim(db):
    return person("kim", Role.CLINICIAN, "Kim Adu", "they, them")


def rows(session) -> list[tuple]:
    found = session.facilitators.order_by("pk")
    return [
        (row.person.username, row.role, row.stands_in_for and row.stands_in_for.username) for row in found
    ]


def pass_all(leaver, to) -> None:
    for led in handover.led_by(leaver, NOW):
        handover.pass_on(led, leaver=leaver, to=to, by=leaver, now=NOW)


def test_a9_who_stands_in_for_a_leaver_stays_and_their_leave_ends(kim, dev, mara, make_session):
    session = make_session(day=TODAY + DAY, lead=kim)
    session.substitute(dev, instead_of=kim, by=kim, now=NOW)
    leave = Leave.objects.note(person=kim, first=TODAY, last=TODAY + 9 * DAY, by=kim, now=NOW)
    close_staff_account(person=kim, by=mara, now=NOW)
    leave.refresh_from_db()
    assert rows(session) == [("dev", "lead", None)]
    assert (leave.ended_by, leave.ended_at) == (mara, NOW)


def test_a9_a_substitution_is_handed_over_before_they_leave(ana, dev, kim, mara, make_session):
    session = make_session(day=TODAY + DAY, lead=ana)
    session.substitute(dev, instead_of=ana, by=ana, now=NOW)
    with pytest.raises(ValidationError):
        close_staff_account(person=dev, by=mara, now=NOW)
    with pytest.raises(ValidationError):
        change_role(person=dev, role=Role.EDITOR, by=mara, now=NOW)
    pass_all(dev, kim)
    assert rows(session) == [("kim", "sub", "ana")]
    pass_all(kim, ana)
    assert rows(session) == [("ana", "lead", None)]


@pytest.mark.parametrize(
    ("to", "expected"),
    [("kim", ("dev", "sub", "kim")), ("dev", ("dev", "lead", None)), (None, ("dev", "lead", None))],
)
def test_a9_whoever_gets_the_series_is_stood_in_for(to, expected, ana, dev, kim, mara, make_series):
    series = make_series(until=TODAY + 14 * DAY)
    series.schedule(leads=[ana], by=mara, now=NOW)
    first = series.sessions.order_by("starts_at")[0]
    first.substitute(dev, instead_of=ana, by=ana, now=NOW)
    pass_all(ana, {"kim": kim, "dev": dev, None: None}[to])
    assert rows(first) == [expected]
    assert not Facilitator.objects.filter(person=ana).exists()


def test_a9_nobody_in_the_place_of_a_leaver_leaves_the_substitute_of_another(ana, dev, kim, make_session):
    session = make_session(day=TODAY + DAY, lead=ana)
    Facilitator.objects.create(session=session, person=kim, role="co")
    session.substitute(dev, instead_of=kim, by=kim, now=NOW)
    pass_all(ana, None)
    assert rows(session) == [("dev", "sub", "kim")]
