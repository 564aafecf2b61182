"""The open ways out of one sender. When a way fails, it stays closed until the sender's next run."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from notifications import channels
from notifications.models import Heartbeat

REFUSALS = 10  # so many different messages refused for now, in a row: it is the server
BELIEVED = 2  # so many people whom a server refuses for good before it took anything; more is the server


class Lines:
    def __init__(self) -> None:
        self.open_ones: dict[str, channels.Channel] = {}
        self.down: set[str] = set()
        self.sent: Counter[str] = Counter()  # since the way was opened
        self.refused: Counter[str] = Counter()  # in a row
        self.doubted: dict[str, dict[UUID, tuple[Any, datetime]]] = defaultdict(dict)

    def line(self, way: str) -> channels.Channel:
        """An open one. Raises what the channel raises when it cannot be opened."""
        if way not in self.open_ones:
            line = channels.make(way)
            line.open()
            self.open_ones[way] = line
        return self.open_ones[way]

    def went_out(self, way: str) -> None:
        """A server that opens and then refuses everything is not back: `lost` keeps its moment."""
        self.sent[way] += 1
        if self.sent[way] == 1:
            Heartbeat.back(way)
        self.refused[way] = 0
        self.give_up_doubted(way)

    def is_believed(self, way: str) -> bool:
        """Whether a refusal for good is taken at its word: a server that took nothing since it was away, or
        that refuses one person after the other, says nothing about people."""
        if self.sent[way]:
            return True
        return len(self.doubted[way]) <= BELIEVED and not Heartbeat.is_lost(way)

    def doubt(self, way: str, person: Any, now: datetime) -> bool:
        """Turns the way off for them when it is sure that the server works. Returns whether that is new."""
        new = person.pk not in self.doubted[way]
        self.doubted[way].setdefault(person.pk, (person, now))
        if self.sent[way]:
            self.give_up_doubted(way)
        return new

    def give_up_doubted(self, way: str) -> None:
        for person, now in self.doubted.pop(way, {}).values():
            self.open_ones[way].give_up(person, now)

    def was_refused(self, way: str) -> None:
        self.refused[way] += 1
        if self.refused[way] >= REFUSALS:
            self.fail(way)

    def fail(self, way: str) -> None:
        self.doubted.pop(way, None)
        self.hang_up(way)
        self.down.add(way)
        Heartbeat.lost(way)

    def hang_up(self, way: str) -> None:
        self.sent[way] = 0
        if line := self.open_ones.pop(way, None):
            line.close()

    def close(self) -> None:
        for way in list(self.open_ones):
            if not self.refused[way]:  # it answered, though nothing went out
                Heartbeat.back(way)
                self.give_up_doubted(way)
            self.hang_up(way)
