"""Pages of taking part that have no such test beside them: as many queries for one row as for thirty."""

from datetime import time, timedelta

import pytest

from accounts.models import CareTeamMember
from groups.models import Booking, Group, Membership
from tests.groups.company import choose, send
from tests.groups.conftest import NOW, TODAY, put, residents
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
A_DAY = timedelta(days=1)


@pytest.mark.parametrize("number", [1, 30])
def test_t4_what_a_client_and_a_facilitator_read_asks_as_often_for_one_as_for_thirty(
    number, client_of, sam, ana, dev, make_session, django_assert_num_queries
):
    people = residents(number)
    closed = Group.objects.create(
        name="Closed", purpose="To meet.", kind="circle", capacity=99, admission="closed"
    )
    for one in [sam, *people]:
        Membership.objects.create(group=closed, client=one, starts_on=TODAY, added_by=dev, added_at=NOW)
    begun, later = make_session(at=time(9), lead=dev), make_session(TODAY + 60 * A_DAY, lead=dev)
    put(begun, sam, *people)
    choose(sam, *people, encouraged=True)
    for day, one in enumerate(people):
        CareTeamMember.objects.create(client=one, clinician=ana)
        send(begun, one, sam)
        put(make_session(TODAY + A_DAY * (day + 1), lead=dev, group=closed), sam, *people)
    waiting = Booking.objects.create(session=later, client=people[0], state="waitlisted", joined_at=NOW)
    for who, path, queries in (
        (sam, begun.group.get_absolute_url(), 5),
        (sam, closed.get_absolute_url(), 8),
        (sam, begun.get_absolute_url(), 8),
        (sam, page("company"), 4),
        (sam, "/today/", 8),
        (dev, page("walk_in", begun.pk), 4),
        (dev, page("sign_in_sheet", begun.pk), 5),
        (dev, page("session_note", begun.pk), 6),
        (dev, page("booking_priority", waiting.pk), 5),
    ):
        browser = client_of(who)
        browser.get(path)  # what is remembered, is; and the looks are noted
        with django_assert_num_queries(queries):
            assert browser.get(path).status_code == 200
