"""Who asks to come to a closed group, and members without a place, where staff read what waits (B6)."""

from datetime import timedelta

import pytest

from groups import attention
from groups.models import Admission, Group
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
DAY = timedelta(days=1)
ASKS, UNLISTED = "Somebody would like to come", "A member has no place on one of the lists"


@pytest.fixture
def closed(seeking, make_series, dev, mara) -> Group:
    """Led by Dev; there is room for one."""
    seeking.admission, seeking.capacity = Admission.CLOSED, 1
    seeking.save()
    make_series(until=TODAY + 7 * DAY).schedule(leads=[dev], by=mara, now=NOW)
    return seeking


def test_b6_who_asks_is_read_by_those_who_can_answer(client_of, closed, noor, dev, ana, mara):
    asked = closed.ask_to_join(by=noor, now=NOW)
    assert [attention.count(one, NOW).asking for one in (dev, ana, mara)] == [1, 0, 0]
    html = client_of(dev).get(page("attention")).text
    assert ASKS in html
    assert page("member_list", closed.pk) in html
    today = client_of(dev).get("/today/").text
    assert "<h1>Somebody would like to come to a group.</h1>" in today
    assert "One person would like to come to a" in today
    assert ASKS not in client_of(ana).get(page("attention")).text
    asked.refuse(by=dev, now=NOW)
    assert attention.count(dev, NOW).asking == 0
    assert "<h1>Nobody is waiting for you.</h1>" in client_of(dev).get("/today/").text


def test_b6_a_member_who_could_not_be_put_on_a_list_is_read_of(client_of, closed, sam, noor, dev, ana):
    closed.add_member(noor, starts_on=TODAY, by=dev, now=NOW)
    assert attention.compose(dev, NOW).unlisted == []
    closed.add_member(sam, starts_on=TODAY, by=dev, now=NOW)
    assert UNLISTED in client_of(dev).get(page("attention")).text
    assert attention.compose(ana, NOW).unlisted == [closed]  # of Sam's care team
    closed.memberships.get(client=sam).end(on=TODAY - DAY, by=dev, now=NOW)
    assert attention.compose(dev, NOW).unlisted == []
