from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from accounts.models import User
from groups import recurrence
from groups.models import Booking, Facilitator, Group, Kind, Room, Session
from recovery_site.home.default_lines import DEFAULT_LINES, REVIEWED_ON
from recovery_site.home.models import HelpLine

TODAY = date(2026, 11, 24)  # the Tuesday of the fixture `frozen`, 10:00 in New York
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def squeezed(html: str) -> str:
    """The page without the white space that a template formatter may add or take away."""
    return " ".join(html.split()).replace("> ", ">").replace(" <", "<").replace(" >", ">")


@pytest.fixture
def lines(db) -> list[HelpLine]:
    """The lines of the migration, which a test that empties tables may have taken away."""
    HelpLine.objects.all().delete()
    return [
        HelpLine.objects.create(reviewed_on=REVIEWED_ON, order=10 * place, **line)
        for place, line in enumerate(DEFAULT_LINES, start=1)
    ]


@pytest.fixture
def help_file(settings, tmp_path):
    settings.HELP_DIR = tmp_path
    return tmp_path / "help.html"


@pytest.fixture
def make_session(db) -> Callable[..., Session]:
    """A session of today, unless told otherwise, in a group of its own."""

    def make(
        name="Clay and color", at=time(13), *, day=TODAY, lead: User | None = None, places=8, minutes=60
    ) -> Session:
        group, _new = Group.objects.get_or_create(
            name=name, defaults={"purpose": "To be together.", "kind": Kind.ART, "capacity": places}
        )
        room, _new = Room.objects.get_or_create(name=f"Room of {name} {at}", defaults={"capacity": 12})
        starts_at = recurrence.to_utc(day, at, "America/New_York")
        session = Session.plan(group=group, room=room, day=day, starts_at=starts_at, minutes=minutes)
        session.save()
        if lead:
            Facilitator.objects.create(session=session, person=lead)
        return session

    return make


@pytest.fixture
def book() -> Callable[..., Booking]:
    def make(session: Session, client: User, state="confirmed") -> Booking:
        return Booking.objects.create(session=session, client=client, state=state, joined_at=NOW)

    return make
