"""Sessions as a clinician sees them together: a week, a day, a month; by time, by room, by person."""

from groups.board.dates import monday_of, week_of

__all__ = ["monday_of", "week_of"]
