"""The past as a picture: a drawing for an SVG that needs neither text nor style."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from checkins.answers import Mood

Trend = list[tuple[date, int | None]]

STEP = 20  # units of the drawing from one day to the next
RISE = 20  # and from one mood to the next
MARGIN = 10  # half a row, so that each mood stands in the middle of its own


@dataclass(frozen=True)
class Picture:
    """The moods of some days. A day without one leaves a gap: nothing is filled in, nothing is counted."""

    trend: Trend

    @property
    def width(self) -> int:
        return 2 * MARGIN + STEP * (len(self.trend) - 1)

    @property
    def height(self) -> int:
        return 2 * MARGIN + RISE * (len(Mood) - 1)

    @property
    def moods(self) -> list[int]:
        """From the top down."""
        return sorted(Mood, reverse=True)

    @property
    def lines(self) -> list[int]:
        """Heights of the thin lines behind, one for each mood."""
        return [height_of(mood) for mood in Mood]

    @property
    def runs(self) -> list[str]:
        """Each unbroken row of days as the points of one line."""
        told = [(mood is not None, number, mood) for number, (_day, mood) in enumerate(self.trend)]
        return [
            " ".join(f"{across(number)},{height_of(mood)}" for _told, number, mood in run if mood)
            for is_told, run in groupby(told, key=lambda row: row[0])
            if is_told
        ]

    @property
    def dots(self) -> list[tuple[int, int]]:
        return [(across(number), height_of(mood)) for number, (_day, mood) in enumerate(self.trend) if mood]

    @property
    def first(self) -> date:
        return self.trend[0][0]

    @property
    def last(self) -> date:
        return self.trend[-1][0]


def across(number: int) -> int:
    return MARGIN + STEP * number


def height_of(mood: int) -> int:
    return MARGIN + RISE * (Mood.VERY_GOOD - mood)
