"""Whoever led what is over leads the group no more (B6)."""

from datetime import timedelta

import pytest

from groups.models import Admission, Facilitator
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
DAY = timedelta(days=1)


def led(series, by, lead) -> None:
    series.created_by, series.created_at = by, NOW
    series.save()
    Facilitator.objects.create(series=series, person=lead)


@pytest.fixture
def two(seeking, make_series, dev, ana, mara):
    """Dev led it in the spring; Ana leads it now."""
    seeking.admission = Admission.CLOSED
    seeking.save()
    led(make_series(start_date=TODAY - 200 * DAY, until=TODAY - DAY), mara, dev)
    led(make_series(), mara, ana)
    return seeking


def test_b6_who_led_an_ended_series_reads_no_members_and_hears_of_no_request(client_of, two, dev, ana, noor):
    asked = two.ask_to_join(by=noor, now=NOW)
    member = two.add_member(noor, starts_on=TODAY, by=ana, now=NOW)
    assert "Noor" not in client_of(dev).get(page("member_list", two.pk)).text
    assert "Noor" in client_of(ana).get(page("member_list", two.pk)).text
    assert client_of(dev).get(page("membership_ending", member.pk)).status_code == 404
    assert [type(asked).objects.visible_to(who).count() for who in (dev, ana)] == [0, 1]
    assert list(Notification.objects.filter(kind="groups.request").values_list("recipient", flat=True)) == [
        ana.pk
    ]


@pytest.mark.parametrize(("days", "leads"), [(3, True), (-7, True), (-8, False)])
def test_b6_a_series_of_so_many_times_goes_on_until_a_week_after_the_last(
    seeking, make_series, make_session, dev, mara, days, leads
):
    series = make_series(start_date=TODAY - 60 * DAY, count=3)
    led(series, mara, dev)
    session = make_session(day=TODAY + days * DAY)
    session.series, session.rule_date = series, session.local_date
    session.save()
    assert seeking.is_led_by(dev) == leads
