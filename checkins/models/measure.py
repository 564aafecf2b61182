from __future__ import annotations

import logging
import uuid
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import models, transaction

from accounts.models import AccessRecord, User
from accounts.models.care_team import care_team
from accounts.vault import PersonKey, Unreadable, key_to_seal, keys_for
from accounts.who import Own, Rule
from checkins.bam import Week

logger = logging.getLogger(__name__)


class OpenedWeek(NamedTuple):
    """The answers are None where they cannot be opened any more."""

    measure: Measure
    answers: Week | None


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: User) -> MeasureQuerySet:
        return Measure.seen_by.rows(self, user)

    def opened(self, *, by: User, now: datetime, limit: int | None = None) -> list[OpenedWeek]:
        """What `by` may read of these, newest week first; each person looked at is noted (A5)."""
        rows: list[Measure] = list(self.visible_to(by).order_by("-week")[:limit])
        people = {row.client_id for row in rows}
        AccessRecord.objects.note(actor=by, subjects=people, what=AccessRecord.What.CHECK_IN, now=now)
        keys = keys_for(people)
        return [OpenedWeek(row, row.unsealed(keys[row.client_id])) for row in rows]

    def of_week(self, client: User, *, by: User, now: datetime) -> OpenedWeek | None:
        """The answers of the client's present week, None as long as there are none."""
        return next(iter(self.filter(client=client, week=week_of(client, now)).opened(by=by, now=now)), None)

    @transaction.atomic
    def answer(self, answers: Week, *, by: User, now: datetime) -> Measure:
        """Writes the answers of the person's week, or goes on with them until it ends.

        What `answers` leaves out stays as it was, so that an old page takes nothing away.
        """
        by.hold_to("checkins.check_in")
        begun = {"created_at": now, "edited_at": now, "answers_sealed": b""}
        rows = self.select_for_update()
        measure, _is_new = rows.get_or_create(client=by, week=week_of(by, now), defaults=begun)
        measure._write(answers, now)
        return measure


class Measure(models.Model):
    """What one client answered to the Brief Addiction Monitor for one week, sealed. It is optional."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="measures")
    week = models.DateField()  # its Monday, by the client's own clock
    answers_sealed = models.BinaryField()
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()

    objects = MeasureQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "week"], name="one_measure_a_week")]

    def __str__(self) -> str:
        return f"measure of the week of {self.week}"

    def unsealed(self, key: PersonKey) -> Week | None:
        """The answers. None for what does not open."""
        try:
            return Week.from_json(key.unseal(bytes(self.answers_sealed), *self._about))
        except Unreadable:
            logger.error("measure %s cannot be opened", self.pk)
            return None

    def _write(self, answers: Week, now: datetime) -> None:
        key = key_to_seal(self.client_id)
        earlier = self.unsealed(key) if self.revision else None
        wanted = answers.over(earlier)
        if self.revision and wanted == earlier:
            return
        self.revision += 1
        self.edited_at = now
        self.answers_sealed = key.seal(wanted.to_json(), *self._about)
        self.save(update_fields=["revision", "edited_at", "answers_sealed"])

    @property
    def _about(self) -> tuple[object, ...]:
        return "checkins.measure", self.pk, "answers", self.revision


def week_of(client: User, now: datetime) -> date:
    """The Monday of the client's own day, which ends in the small hours (K1)."""
    day = client.local_day(now)
    return day - timedelta(days=day.weekday())
