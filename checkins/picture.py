"""The past as a picture: a drawing for an SVG that needs neither text nor style."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from checkins.answers import STEPS, Mood

if TYPE_CHECKING:
    from checkins.models.check_in import DayOf

Trend = list[tuple[date, int | None]]

STEP = 20  # units of the drawing from one day to the next
RISE = 20  # and from one mood to the next
WEEKS = (2, 6, 12)  # over which a picture may be asked for
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


@dataclass(frozen=True)
class SmallPicture(Picture):
    """One question answered in steps from 0, drawn as the moods are. A gap stays a gap."""

    name: str = ""

    @property
    def height(self) -> int:
        return 2 * MARGIN + RISE * STEPS[-1]

    @property
    def lines(self) -> list[int]:
        return [MARGIN, MARGIN + RISE * STEPS[-1]]

    @property
    def runs(self) -> list[str]:
        told = [(step is not None, number, step) for number, (_day, step) in enumerate(self.trend)]
        return [
            " ".join(
                f"{across(number)},{step_height(step)}" for _told, number, step in run if step is not None
            )
            for is_told, run in groupby(told, key=lambda row: row[0])
            if is_told
        ]

    @property
    def dots(self) -> list[tuple[int, int]]:
        rows = enumerate(self.trend)
        return [(across(number), step_height(step)) for number, (_day, step) in rows if step is not None]


def small_pictures(days: list[DayOf]) -> list[SmallPicture]:
    """Urge, sleep and closeness; what was never told in these days has no picture."""
    names = (("urge", _("Urge")), ("sleep", _("Sleep")), ("closeness", _("Close to others")))
    drawn = [
        SmallPicture([(row.day, getattr(row.answers, field, None)) for row in days], name)
        for field, name in names
    ]
    return [picture for picture in drawn if picture.dots]


def weeks_asked_for(text: str | None) -> int:
    """Raises Http404 for any other number than those offered."""
    if text not in (None, *map(str, WEEKS)):
        raise Http404
    return int(text or WEEKS[0])


def step_height(step: int) -> int:
    return MARGIN + RISE * (STEPS[-1] - step)
