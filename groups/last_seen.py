"""When somebody was last in a group, for whoever asks whether they were heard from (K6)."""

from django.db.models import Max, OuterRef, Subquery

from groups.models import Attendance


def last_seen() -> Subquery:
    """Of the client of the outer query, by the start of the session. A late sheet counts as well."""
    there = [state for state, _words in Attendance.WAS_THERE]
    marks = Attendance.objects.filter(client=OuterRef("pk"), state__in=there, session__cancelled_at=None)
    last = marks.order_by().values("client").annotate(last=Max("session__starts_at"))
    return Subquery(last.values("last"))
