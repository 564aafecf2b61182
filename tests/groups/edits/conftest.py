import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from groups.edits import changing
from groups.edits.plan import next_day
from groups.edits.wish import Wish
from groups.models import (
    Booking,
    Edit,
    Room,
    Scope,
    Series,
    Session,
)
from notifications.models import Notification
from tests.groups.conftest import NOW, TODAY

WEEK = timedelta(weeks=1)
ALL, FOLLOWING = Scope.ALL, Scope.FOLLOWING


@pytest.fixture
def elm(db) -> Room:
    return Room.objects.create(name="Elm room", capacity=12)


@pytest.fixture
def weekly(frozen, make_series, dev) -> Series:
    """Tuesdays at six, from three weeks ago on, with no end; three of them are past."""
    frozen.move_to(NOW - 3 * WEEK)
    series = make_series(start_date=TODAY - 3 * WEEK)
    series.schedule(leads=[dev], by=dev, now=NOW - 3 * WEEK)
    frozen.move_to(NOW)
    series.lay_out(NOW)
    return Series.objects.get(pk=series.pk)


@pytest.fixture
def change(dev) -> Callable[..., Edit]:
    def do(series, scope=ALL, since=None, *, by=None, token=None, mark=None, answer=None, **wishes) -> Edit:
        since = since or next_day(series, NOW) or TODAY
        wish = replace(Wish.of(series, since), **wishes)
        return changing.change(
            series,
            wish,
            scope=scope,
            since=since,
            by=by or dev,
            now=NOW,
            token=token or uuid.uuid4(),
            mark=mark,
            answer=answer,
        )

    return do


def on(series: Series, day: date) -> Session:
    return Session.objects.get(series=series, rule_date=day)


def book(session: Session, client, state="confirmed") -> Booking:
    return Booking.objects.create(session=session, client=client, state=state, joined_at=NOW)


def told(kind: str) -> list[uuid.UUID]:
    return sorted(Notification.objects.filter(kind=kind).values_list("recipient", flat=True))


def hours(sessions) -> set[time]:
    from django.utils import timezone

    return {timezone.localtime(one.starts_at).time() for one in sessions}


def picture() -> list[tuple]:
    rows = Session.objects.order_by("pk")
    return list(
        rows.values_list("pk", "series", "starts_at", "ends_at", "room", "local_date", "cancelled_at")
    )
