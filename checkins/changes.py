"""What in somebody's check-ins is worth a look, said in one sentence each. Plain rules, no score: every rule
names what it compares, and `docs/changes-worth-a-look.md` says the same to people.

Each rule takes the answers of some days, oldest first, the day of the last ones at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from statistics import median

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from checkins.answers import STRONG_URGE, Answers, Mood

# All of these are for the program to confirm.
DAYS_COMPARED = 14  # days before today, the person's own
MOODS_NEEDED = 4  # earlier moods, so that "usual" means something
MOOD_FALL = 2  # steps below the middle of the earlier moods
URGE_RISE = 2  # steps above the last answer before
SHORT_SLEEP = 1  # steps, at most
SHORT_NIGHTS = 3  # one day after the other
FAR_FROM_OTHERS = 1  # steps, at most
DAILY_DAYS = 5  # days before yesterday on each of which something came

Said = list[tuple[date, Answers]]


def mood_fell(said: Said) -> str:
    """The mood of the last day lies well below what is usual for this person."""
    *earlier, (_day, last) = said
    moods = [answers.mood for _day, answers in earlier if answers.mood]
    if not last.mood or len(moods) < MOODS_NEEDED or median(moods) - last.mood < MOOD_FALL:
        return ""
    usual = Mood(round(median(moods)))
    return _("Said “%(now)s” today. Most days before were nearer to “%(usual)s”.") % {
        "now": last.mood_words,
        "usual": usual.label,
    }


def urge_rose(said: Said) -> str:
    """The urge is strong, or clearly stronger than when it was last told."""
    *earlier, (_day, last) = said
    if last.urge is None:
        return ""
    before = next(((day, row.urge) for day, row in reversed(earlier) if row.urge is not None), None)
    if before and last.urge - before[1] >= URGE_RISE:
        told = {"before": before[1], "now": last.urge, "day": date_format(before[0], "l, j F")}
        return _("Urge went from %(before)s to %(now)s since %(day)s.") % told
    return _("Urge is %(now)s of 5.") % {"now": last.urge} if last.urge >= STRONG_URGE else ""


def slept_little(said: Said) -> str:
    """Short sleep on several days without a gap, the last one among them."""
    nights = said[-SHORT_NIGHTS:]
    days_apart = (nights[-1][0] - nights[0][0]).days
    if len(nights) < SHORT_NIGHTS or days_apart != SHORT_NIGHTS - 1:
        return ""
    if any(row.sleep is None or row.sleep > SHORT_SLEEP for _day, row in nights):
        return ""
    return _("Little sleep for %(number)s nights.") % {"number": SHORT_NIGHTS}


def grew_distant(said: Said) -> str:
    """Closeness to others fell to the lowest steps from above them."""
    *earlier, (_day, last) = said
    before = next((row.closeness for _day, row in reversed(earlier) if row.closeness is not None), None)
    if last.closeness is None or before is None:
        return ""
    if last.closeness > FAR_FROM_OTHERS or before <= FAR_FROM_OTHERS:
        return ""
    return _("Close to others went from %(before)s to %(now)s.") % {"before": before, "now": last.closeness}


RULES: tuple[Callable[[Said], str], ...] = (urge_rose, mood_fell, grew_distant, slept_little)


def worth_a_look(said: Said, today: date) -> list[str]:
    """The sentences about one person who answered today; none where nothing stands out."""
    if not said or said[-1][0] != today:
        return []
    return [sentence for rule in RULES if (sentence := rule(said))]


def fell_silent(days: set[date], today: date) -> bool:
    """Nothing came yesterday and today, after something came each day. It needs no answer to be opened."""
    ordinal = today.toordinal()
    before = {date.fromordinal(ordinal - number) for number in range(2, 2 + DAILY_DAYS)}
    return before <= days and not days & {today, date.fromordinal(ordinal - 1)}
