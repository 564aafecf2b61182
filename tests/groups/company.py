"""How the tests of company set the scene."""

from datetime import timedelta

from accounts.models import User
from groups.models import Booking, Company, Encouragement
from tests.groups.conftest import NOW

URL = "/me/company/"
DAY = timedelta(days=1)


def choose(*people: User, encouraged: bool = False, now=NOW - DAY) -> None:
    """Written past the verb, which knows who lives here now."""
    for person in people:
        since = {"shows_name_since": now, "encouraged_since": now if encouraged else None}
        Company.objects.update_or_create(client=person, defaults=since)


def book(session, *people: User, state=Booking.State.CONFIRMED) -> None:
    closed = None if state in ("confirmed", "waitlisted", "offered") else NOW
    held = NOW + DAY if state == "offered" else None
    for person in people:
        Booking.objects.create(
            session=session, client=person, state=state, joined_at=NOW, closed_at=closed, held_until=held
        )


def send(session, by: User, to: User, now=NOW) -> Encouragement:
    return Encouragement.objects.send("glad", to=to, session=session, by=by, now=now)


def page_of(browser, session) -> str:
    return browser.get(session.get_absolute_url()).content.decode()
