"""What has come of asking for somebody, as the client reads it: who was called and when, who has seen it, who
comes, or honestly that nobody has answered yet (K7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts.models import OutreachCall, OutreachTask, User
from checkins.outreach import clock, names
from notifications.models import Heartbeat


@dataclass(frozen=True)
class Story:
    task: OutreachTask
    calls: list[OutreachCall]
    engine_is_silent: bool

    @property
    def is_answered(self) -> bool:
        return bool(self.task.taken_at or self.task.closed_at)

    @property
    def heading(self) -> str:
        if self.task.closed_by_id:
            return _("%(name)s talked with you.") % {"name": self.task.closed_by}
        if self.task.taken_by_id:
            return _("%(name)s will come to you.") % {"name": self.task.taken_by}
        return _("Nobody has answered yet.")

    @property
    def sentences(self) -> Iterator[str]:
        """In the order in which it happened."""
        yield _("At %(time)s you asked for someone.") % {"time": clock(self.task.opened_at)}
        for _step, calls in groupby(self.calls, key=lambda call: call.step):
            together = list(calls)
            told = {"names": names(call.clinician for call in together), "time": clock(together[0].called_at)}
            yield _("At %(time)s we called %(names)s.") % told
            for call in together:
                if call.seen_at:
                    seen = {"name": call.clinician, "time": clock(call.seen_at)}
                    yield _("At %(time)s %(name)s had it on the screen.") % seen
        if self.task.taken_at:
            taken = {"name": self.task.taken_by, "time": clock(self.task.taken_at)}
            yield _("%(name)s has seen it at %(time)s and said: I will go.") % taken

    @property
    def next_words(self) -> str:
        """What happens if nothing does."""
        if self.is_answered:
            return ""
        if self.engine_is_silent:
            return _(
                "Calls do not go out by themselves now. Please go to the staff desk, or call a line above."
            )
        if self.task.next_call_at:
            at = {"time": clock(self.task.next_call_at)}
            return (
                _("If nobody has answered by %(time)s, we call the next person, until somebody comes.") % at
            )
        return ""


def of(client: User, now: datetime) -> Story | None:
    """The wish that stands, or the last one of this day that was answered."""
    calls = OutreachCall.objects.select_related("clinician").order_by(
        "step", "called_at", "clinician__chosen_name"
    )
    wishes = OutreachTask.objects.visible_to(client).filter(client=client, reason=OutreachTask.Reason.ASKED)
    task = (
        wishes.select_related("taken_by", "closed_by")
        .prefetch_related(Prefetch("calls", calls))
        .order_by("-opened_at")
        .first()
    )
    if task is None or (task.closed_at and client.local_day(task.closed_at) != client.local_day(now)):
        return None
    silent = not task.taken_at and not task.closed_at and bool(Heartbeat.silent(now))
    return Story(task, list(task.calls.all()), silent)
