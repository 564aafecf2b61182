"""Word of not coming is of the hour that was (B6, T8)."""

from datetime import time, timedelta

import pytest

from groups.models import Booking, Group, Room
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import WEEK, on
from tests.groups.test_moving import move

pytestmark = pytest.mark.usefixtures("frozen")
DAY = timedelta(days=1)


@pytest.fixture
def word(weekly, sam) -> Booking:
    Group.objects.update(admission="mandatory")
    place = on(weekly, TODAY + WEEK).bookings.create(client=sam, state="confirmed", joined_at=NOW - DAY)
    place.send_apology(by=sam, now=NOW)
    return place


def is_sent(word: Booking) -> bool:
    word.refresh_from_db()
    return word.apology_at is not None


@pytest.mark.parametrize("to", [{"day": TODAY + WEEK + DAY}, {"at": time(17)}])
def test_b6_a_session_that_moves_is_expected_anew(weekly, word, dev, to):
    move(on(weekly, TODAY + WEEK), dev, **to)
    assert not is_sent(word)


def test_b6_another_room_leaves_word_as_it_is(weekly, word, change, elm, dev):
    move(on(weekly, TODAY + WEEK), dev, room=Room.objects.create(name="Ash", capacity=9))
    change(weekly, room=elm)
    assert is_sent(word)


def test_b6_a_series_that_moves_is_expected_anew_and_so_it_is_when_it_comes_back(
    weekly, word, change, dev, sam
):
    edit = change(weekly, start_time=time(17))
    assert not is_sent(word)
    word.send_apology(by=sam, now=NOW)
    edit.undo(by=dev, now=NOW)
    assert not is_sent(word)
