"""What a page says of a session that is over or cancelled, and what a client reads of their mark (B7, B8)."""

from datetime import time, timedelta

import pytest

from groups.models import Admission, Booking, Session
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State
AS_IF_AHEAD = [
    "free",
    "If you join",
    "other people",
    "One other",
    "leave early",
    "that you are in",
    "will be in",
]


@pytest.fixture
def past(make_session, dev, sam) -> Session:
    """Yesterday's session, with Sam on its list."""
    session = make_session(day=TODAY - timedelta(days=1), lead=dev)
    session.bookings.create(client=sam, state=State.CONFIRMED, joined_at=NOW - timedelta(days=3))
    return session


def texts(client_of, user, session: Session) -> list[str]:
    paths = (session.get_absolute_url(), page("week") + "?week=2026-W48")
    return [client_of(user).get(path).content.decode() for path in paths]


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("present", "You were there"),
        ("late", "You were there"),
        ("left_early", "You were there"),
        ("excused", "You let us know"),
        ("absent", "We missed you"),
        (None, "You were on the list"),
    ],
)
def test_b8_a_client_reads_their_mark_in_kind_words(client_of, dev, sam, past, mark, words):
    if mark:
        past.record({sam.pk: mark}, by=dev, now=NOW)
    for html in texts(client_of, sam, past):
        assert words in html
        assert "bsent" not in html


def test_b7_not_required_says_nothing(client_of, dev, sam, past):
    past.record({sam.pk: "not_required"}, by=dev, now=NOW)
    for html in (*texts(client_of, sam, past), client_of(sam).get("/today/").content.decode()):
        assert 'class="tag' not in html.replace('class="tag good">today', "")
        assert "Join" not in html


def test_a_mark_is_for_its_client_alone(client_of, dev, sam, noor, past):
    past.bookings.create(client=noor, state=State.CONFIRMED, joined_at=NOW)
    past.record({sam.pk: "absent", noor.pk: "present"}, by=dev, now=NOW)
    assert all("You were there" in html and "missed" not in html for html in texts(client_of, noor, past))


def test_b7_a_mark_is_read_only_once_the_session_is_over(client_of, dev, sam, make_session):
    session = make_session(at=time(9, 30), lead=dev)
    session.bookings.create(client=sam, state=State.CONFIRMED, joined_at=NOW)
    session.record({sam.pk: "absent"}, by=dev, now=NOW)
    for html in texts(client_of, sam, session):
        assert "You&#x27;re in" in html
        assert "missed" not in html


@pytest.mark.parametrize("which", ["over", "cancelled", "over, and Sam was not there"])
def test_what_is_over_or_cancelled_is_not_told_as_if_it_would_be(client_of, cast, make_session, past, which):
    session = past
    if which == "cancelled":
        session = make_session(lead=cast["dev"])
        session.join(by=cast["sam"], now=NOW)
        session.cancel(by=cast["dev"], now=NOW)
    elif which != "over":
        past.bookings.all().delete()
    for name in ("sam", "noor", "dev", "mara"):
        html = client_of(cast[name]).get(session.get_absolute_url()).content.decode()
        main = html[html.index("<main") : html.index("</main>")]
        assert [words for words in AS_IF_AHEAD if words in main] == [], name
    html = client_of(cast["sam"]).get(session.get_absolute_url()).content.decode()
    assert ("You, Ana Ruiz and Dev Patel can see this." in html) == ("not there" not in which)


def test_what_is_ahead_still_tells_what_to_know(client_of, noor, dev, make_session):
    html = client_of(noor).get(make_session(lead=dev).get_absolute_url()).content.decode()
    for words in ("free", "If you join", "leave early", "will be in", "Just listening is fine."):
        assert words in html


def test_b6_a_closed_group_says_who_knows_its_times(client_of, sam, ana, past):
    past.group.admission = Admission.CLOSED
    past.group.save()
    html = client_of(sam).get(past.group.get_absolute_url()).content.decode()
    assert "Only members see its times." in html
    assert "Ask to come, and those who lead it answer you." in html
    assert "No session is planned" in client_of(ana).get(past.group.get_absolute_url()).content.decode()
