"""At the same moment: two sentences to one person, and a choice while the stay ends."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from groups.models import Booking, Company, Distance, Encouragement
from groups.refusals import Refused
from recovery_site import actions
from tests.groups.conftest import NOW, TODAY, residents

AT_ONCE = 8
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


def together(*acts) -> list[str]:
    """Each in a thread of its own, all from one signal; the names of what was refused."""
    start = Barrier(len(acts))

    def run(act) -> str:
        start.wait()
        try:
            act()
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.fixture
def pair(make_session):
    session, people = make_session(), residents(2)
    for person in people:
        Booking.objects.create(session=session, client=person, state="confirmed", joined_at=NOW)
        Company.objects.choose(person, shows_name=True, encouraged=True, now=NOW)
    return session, *people


def test_eight_at_once_to_one_person_and_back_are_one_each(pair):
    session, one, two = pair

    def send(by: User, to: User):
        return lambda: Encouragement.objects.send("glad", to=to, session=session, by=by, now=NOW)

    refused = together(*[send(one, two), send(two, one)] * (AT_ONCE // 2))
    assert refused == ["", "", *["SentToday"] * (AT_ONCE - 2)]
    assert Encouragement.objects.count() == 2


def test_a6_a_choice_while_the_stay_ends_leaves_nothing_to_read(pair, mara):
    _session, one, _two = pair
    together(
        lambda: actions.discharge(client=one, on=TODAY, by=mara, now=NOW),
        *[lambda: Company.objects.choose(one, shows_name=True, encouraged=True, now=NOW)] * 4,
    )
    assert not Company.objects.filter(client=one).exists()


def test_hiding_many_times_at_once_is_one_row(pair):
    _session, one, two = pair
    together(*[lambda: Distance.objects.keep(one, other=two, now=NOW)] * AT_ONCE)
    assert Distance.objects.count() == 1
