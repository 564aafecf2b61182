"""Changes of the plan, each with what stood before, so that the last one can be undone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groups.models.recorded import begin

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models.series import Series
    from groups.models.session import Session


class Scope(models.TextChoices):
    """How far an edit reaches (T7)."""

    THIS = "this", _("Only this session")
    FOLLOWING = "following", _("This session and all that follow")
    ALL = "all", _("All sessions that are ahead")


class EditQuerySet(models.QuerySet["Edit"]):
    def concerning(self, series: Series) -> EditQuerySet:
        """Of the series itself, of single sessions in it, and the one that it began with; the last first."""
        began = Q(series=series.follows_id, scope=Scope.FOLLOWING) if series.follows_id else Q()
        mine = Q(series=series) | Q(session__series=series) | began
        return self.filter(mine).order_by("-edited_at", "-pk")

    def sent_before(self, token: str, by: User) -> Edit | None:
        """What this person's form did when it came the first time. By that they may have given away what they
        changed, or cut it short, so that the form would not be theirs, or not be valid, any more."""
        with suppress(ValueError):
            return self.filter(client_token=uuid.UUID(token), edited_by=by).first()
        return None


class Edit(models.Model):
    """One change to a session or its series. `before` holds ids, days and times, and of people's words only
    why a manager let somebody be in two places (C2), so that an undo can say it again.

    Hold the rows, `begin`, `remember` them before anything changes, change them, name what was `added`,
    and `keep` it, all in one transaction. An edit that `begin` finds kept was sent before: change nothing.
    """

    Scope = Scope

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    scope = models.CharField(max_length=10, choices=Scope)
    series = models.ForeignKey(
        "groups.Series", on_delete=models.PROTECT, null=True, blank=True, related_name="edits"
    )
    session = models.ForeignKey(
        "groups.Session", on_delete=models.PROTECT, null=True, blank=True, related_name="edits"
    )
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = EditQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="known_scope_of_edit"),
            models.CheckConstraint(
                condition=Q(series__isnull=False) | Q(session__isnull=False), name="edit_of_something"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="edit_undone_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} on {self.edited_at:%Y-%m-%d}"

    @classmethod
    def begin(
        cls,
        *,
        scope: str,
        by: User,
        now: datetime,
        token: uuid.UUID,
        series: Series | None = None,
        session: Session | None = None,
    ) -> Edit:
        """Inside a transaction that holds the rows. The same token gives the same edit: look at `is_kept`."""
        given = {"scope": scope, "series": series, "session": session, "edited_by": by, "edited_at": now}
        return cls.objects.get_or_create(client_token=token, defaults=given)[0]

    @property
    def is_kept(self) -> bool:
        return "left" in self.before

    @property
    def concerned(self) -> list[str]:
        """Ids of the sessions that it changed or added."""
        return [*self.before.get("sessions", {}), *self.before.get("added", [])]

    @property
    def series_concerned(self) -> list[str]:
        return [*self.before.get("series", {}), *self.before.get("added_series", [])]

    @property
    def series_beside(self) -> list[str]:
        """Ids of series that it left alone, and of whose sessions it changed one."""
        found = (part["fields"]["series_id"] for part in self.before.get("sessions", {}).values())
        return sorted({str(pk) for pk in found if pk} - set(self.series_concerned))

    @property
    def outcome(self) -> Series | Session | None:
        """Where the changed sessions are now: in the linked series where one began."""
        from groups.models.series import Series

        new = Series.objects.filter(pk__in=self.before.get("added_series", [])).first()
        return new or self.series or self.session

    def remember(self, sessions: Iterable[Session], *, series: Iterable[Series] = ()) -> None:
        """Keeps how these stand. Call it before anything changes; what was remembered first stays."""
        from groups.edits import memory

        known, sessions = self.before.get("sessions", {}), list(sessions)
        begin(sessions)
        self.before["sessions"] = memory.plain(memory.of_sessions(row.pk for row in sessions)) | known
        series = list(series)
        begin(series)
        if rows := [row.pk for row in series]:
            self.before["series"] = memory.plain(memory.of_series(rows)) | self.before.get("series", {})

    def added(self, sessions: Iterable[Session], *, series: Series | None = None) -> None:
        """Rows that were not there before."""
        self.before.setdefault("added", []).extend(str(row.pk) for row in sessions)
        if series is not None:
            self.before.setdefault("added_series", []).append(str(series.pk))

    def keep(self) -> Edit:
        """Saves it together with how it left everything: the last step, still in the transaction."""
        from groups.edits import memory

        others = memory.others(self.series_concerned, self.concerned, self.edited_at)
        self.before = memory.plain(self.before | {"others": others, "left": self.mark()})
        self.save(update_fields=["before"])
        return self

    def mark(self) -> str:
        """Changes as soon as anybody does something with what this edit concerns. What the clock alone does,
        and who is put on a list because they are expected there, is nothing that happened."""
        from groups.edits import expected, memory

        beside = memory.of_series(self.series_beside)  # whether a session is its own hangs on its series (T7)
        rules = {pk: [picture["fields"], picture["people"]] for pk, picture in beside.items()}
        series = memory.of_series(self.series_concerned)
        arrived = expected.arrived(self.concerned, self.edited_at).values_list("pk", flat=True)
        sessions = memory.done_by_people(memory.of_sessions(self.concerned), {str(pk) for pk in arrived})
        return memory.mark(sessions, series, rules)

    def can_be_undone(self, now: datetime) -> bool:
        from groups.edits import undoing

        return undoing.is_open(self, now)

    def undoable_by(self, user: User) -> bool:
        """Whoever has it in their hands now, and whoever made the change and by it may have given it away."""
        of = self.series or self.session
        return self.edited_by_id == user.pk or bool(of and of.is_in_hands_of(user))

    def undo(self, *, by: User, now: datetime) -> None:
        """Puts everything back as it was and tells people again. Twice is once.

        Raises SomethingHappened when anything has come of it since.
        """
        from groups.edits import undoing

        undoing.undo(self, by=by, now=now)
