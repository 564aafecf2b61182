"""Nobody blocks another: series, sessions, rooms, clients, staff are held in this order everywhere."""

import uuid
from dataclasses import replace
from datetime import time

import pytest

from accounts.models import User
from accounts.models.user_queries import UserQuerySet
from groups.models.moving import Move
from tests.groups.conftest import NOW, TODAY
from tests.groups.edits.conftest import WEEK, book, on


@pytest.fixture
def held(monkeypatch) -> list[User]:
    """Who was held, in this order, each once."""
    found: list[User] = []
    original = UserQuerySet.hold

    def hold(self, ids) -> None:
        ids = set(ids)
        original(self, ids)
        found.extend(one for one in User.objects.filter(pk__in=ids).order_by("pk") if one not in found)

    monkeypatch.setattr(UserQuerySet, "hold", hold)
    return found


def test_c2_a_move_holds_clients_before_staff(weekly, dev, sam, held):
    session = on(weekly, TODAY + WEEK)
    book(session, sam)
    session.move(replace(Move.of(session), at=time(9)), by=dev, now=NOW, token=uuid.uuid4())
    assert held == [sam, dev]


def test_b9_a_reinstatement_holds_clients_before_staff(weekly, dev, sam, held):
    for number in range(4):  # keys are random: one order of them could be right by chance
        session = on(weekly, TODAY + WEEK * (number + 1))
        book(session, sam)
        session.cancel(by=dev, now=NOW)
        held.clear()
        session.reinstate(by=dev, now=NOW)
        assert held == [sam, dev]
