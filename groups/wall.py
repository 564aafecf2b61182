"""What a screen on a wall says about today: sessions, rooms and free places, and nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from groups.models import Admission, Session, places


@dataclass(frozen=True)
class Line:
    """One session, as of one moment."""

    session: Session
    now: datetime

    @property
    def is_over(self) -> bool:
        return self.now >= self.session.ends_at

    @property
    def is_on(self) -> bool:
        return self.stands and self.session.has_begun(self.now) and not self.is_over

    @property
    def stands(self) -> bool:
        return self.session.cancelled_at is None and self.session.suspension_id is None

    @property
    def words(self) -> str | Promise:
        """Free places where somebody could still take one. Whoever waits has the first (B3)."""
        session = self.session
        if session.cancelled_at:
            return _("cancelled")
        if session.suspension_id:
            return _("not now, it pauses")
        if self.is_on:
            return _("on now")
        if self.is_over or session.group.admission != Admission.OPEN:
            return ""
        free = session.free - session.waiting
        return ngettext("%d place free", "%d places free", free) % free if free > 0 else _("full")

    @property
    def tone(self) -> str:
        if not self.stands:
            return "alert"
        return "good" if self.is_on else ""


@dataclass(frozen=True)
class Wall:
    """The day in two parts: what is on or comes, and what is over, so that the next stands first."""

    now: datetime
    ahead: list[Line]
    over: list[Line]

    @classmethod
    def at(cls, now: datetime) -> Wall:
        """In two queries. What began before midnight and goes on is still there (in the program's zone)."""
        today = timezone.localdate(now)
        shown = Q(local_date=today) | Q(starts_at__lt=now, ends_at__gt=now)
        rows = Session.objects.filter(shown, withdrawn_by=None).select_related("group", "room")
        sessions = list(rows.in_order())
        places.total(sessions)
        lines = [Line(session, now) for session in sessions]
        return cls(
            now=now,
            ahead=[line for line in lines if not line.is_over],
            over=[line for line in lines if line.is_over],
        )
