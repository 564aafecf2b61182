from __future__ import annotations

import logging
import uuid
from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AccessRecord, EmergencyAccess, User
from accounts.models.care_team import care_team, in_an_emergency
from accounts.vault import PersonKey, Unreadable, key_to_seal, keys_for
from accounts.who import Own, Rule
from checkins import ladder, outreach
from checkins.answers import Answers

if TYPE_CHECKING:
    from checkins.picture import Trend

logger = logging.getLogger(__name__)

CROWD = 3  # moods of fewer people would tell who said what


class Opened(NamedTuple):
    """A check-in, and its answers unless it is a "not today" or cannot be opened any more."""

    check_in: CheckIn
    answers: Answers | None


class DayOf(NamedTuple):
    """A day with what was said on it, which may be nothing."""

    day: date
    check_in: CheckIn | None
    answers: Answers | None


class PictureOfDay(NamedTuple):
    """How a clinician's clients are today, naming nobody; without moods where fewer than CROWD told."""

    clients: int
    answered: int
    not_today: int
    moods: Counter[int]


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, user: User) -> CheckInQuerySet:
        """One's own, and those of the people a clinician cares for now."""
        return CheckIn.seen_by.rows(self, user)

    def with_wish(self) -> CheckInQuerySet:
        """Adds `has_wish`, whether someone to talk to was asked for since it began."""
        return self.annotate(has_wish=Exists(outreach.wishes(OuterRef("client"), OuterRef("created_at"))))

    def opened(self, *, by: User, now: datetime | None = None) -> list[Opened]:
        """What `by` may read of these, newest day first; each person looked at is noted (A5)."""
        return self.visible_to(by)._noted(by, now)

    def _noted(self, by: User, now: datetime | None) -> list[Opened]:
        check_ins: list[CheckIn] = list(self.order_by("-day"))
        AccessRecord.objects.note(
            actor=by,
            subjects={check_in.client_id for check_in in check_ins},
            what=AccessRecord.What.CHECK_IN,
            now=now,
        )
        return _opened(check_ins)

    def of_day(self, client: User, *, by: User, now: datetime) -> Opened | None:
        """The check-in of the client's day, None as long as there is none."""
        return next(iter(self.filter(client=client, day=client.local_day(now)).opened(by=by, now=now)), None)

    def days(
        self, client: User, *, by: User, until: date, days: int, now: datetime | None = None
    ) -> list[DayOf]:
        """The last `days` days, oldest first, those without a word included."""
        first = until - timedelta(days=days - 1)
        rows = self.filter(client=client, day__range=(first, until)).opened(by=by, now=now)
        found = {row.check_in.day: row for row in rows}
        every = (first + timedelta(days=number) for number in range(days))
        return [DayOf(day, *found.get(day, (None, None))) for day in every]

    def trend(
        self, client: User, *, by: User, until: date, days: int = 14, now: datetime | None = None
    ) -> Trend:
        """The mood of each day, oldest first; None where nothing was said."""
        rows = self.days(client, by=by, until=until, days=days, now=now)
        return [(row.day, row.answers.mood if row.answers else None) for row in rows]

    def for_clinician(self, client: User, *, by: User, now: datetime, days: int = 14) -> list[DayOf]:
        """What the page about one client shows, up to that client's own today."""
        return self.days(client, by=by, until=client.local_day(now), days=days, now=now)

    def for_emergency(self, client: User, *, by: User, now: datetime) -> list[DayOf]:
        """The last days, newest first, for whoever opened this page in an emergency; else nothing (A10).

        The only way past `visible_to`. Whether the access still stands is asked in the query itself.
        """
        first = client.local_day(now) - timedelta(days=settings.EMERGENCY_DAYS_SHOWN - 1)
        opened = EmergencyAccess.objects.opened_to(by, now).filter(pk=client.pk)
        rows = self.filter(client__in=opened.values("pk"), day__gte=first)._noted(by, now)
        return [DayOf(row.check_in.day, *row) for row in rows]

    def picture_of_day(self, clinician: User, now: datetime) -> PictureOfDay:
        """Counts alone, so no look is noted. Three queries for any number of clients."""
        people = User.objects.cared_for_by(clinician).in_house(timezone.localdate(now))
        days = {person.pk: person.local_day(now) for person in people}
        rows = self.filter(client__in=days, day__in=set(days.values()))
        opened = _opened([row for row in rows if row.day == days[row.client_id]])
        moods = Counter(row.answers.mood for row in opened if row.answers and row.answers.mood)
        return PictureOfDay(
            clients=len(days),
            answered=len(opened),
            not_today=sum(row.check_in.not_today for row in opened),
            moods=moods if moods.total() >= CROWD else Counter(),
        )

    @transaction.atomic
    def answer(self, answers: Answers, *, by: User, now: datetime) -> CheckIn:
        """Writes the check-in of the person's day, or rewrites it (K1).

        What `answers` leaves out stays as it was. Asking for someone reaches the care team at once (K2);
        saying it again while changing other answers does not.
        """
        check_in = self._today(by, now)
        earlier = check_in._write(answers, now)
        if answers.asks_for_someone and not (earlier and earlier.asks_for_someone):
            outreach.ask(check_in, client=by, now=now)
        return check_in

    @transaction.atomic
    def ask(self, *, by: User, now: datetime) -> CheckIn:
        """Asks for someone, whatever was written on the day. It needs no key."""
        check_in = self._today(by, now)
        outreach.ask(check_in, client=by, now=now)
        return check_in

    @transaction.atomic
    def skip(self, *, by: User, now: datetime) -> CheckIn:
        """ "Not today" is an answer. What was said before on the day is kept."""
        return self._today(by, now)

    def _today(self, client: User, now: datetime) -> CheckIn:
        client.hold_to("checkins.check_in")
        begun = {"created_at": now, "edited_at": now}
        rows = self.select_for_update()
        check_in, is_new = rows.get_or_create(client=client, day=client.local_day(now), defaults=begun)
        if is_new:
            ladder.heard_from(client, now)
        return check_in


class CheckIn(models.Model):
    """How one client was on one day, in the client's own sealed words. It begins as a "not today"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="check_ins")
    day = models.DateField()  # of the client's own zone; it ends in the small hours (K1)
    not_today = models.BooleanField(default=True)
    answers_sealed = models.BinaryField(default=b"")
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()

    has_wish: bool  # said by `with_wish`

    objects = CheckInQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"), beside=in_an_emergency("client"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "day"],
                name="one_check_in_a_day",
                violation_error_message=_("There is a check-in for this day already."),
            ),
            models.CheckConstraint(
                condition=Q(not_today=True, answers_sealed=b"")
                | (Q(not_today=False) & ~Q(answers_sealed=b"")),
                name="answers_or_not_today",
            ),
        ]

    def __str__(self) -> str:
        return f"check-in of {self.day}"

    def opened(self, *, by: User, now: datetime | None = None) -> Answers | None:
        """The answers. Raises CheckIn.DoesNotExist for whoever may not read them."""
        rows = CheckIn.objects.filter(pk=self.pk).opened(by=by, now=now)
        if not rows:
            raise CheckIn.DoesNotExist
        return rows[0].answers

    def hold(self, answers: Answers, key: PersonKey, now: datetime) -> None:
        """Seals the answers into this row, which its caller saves."""
        self.revision += 1
        self.not_today, self.edited_at = False, now
        self.answers_sealed = key.seal(answers.to_json(), *self._about)

    def _write(self, answers: Answers, now: datetime) -> Answers | None:
        """What stood here before."""
        key = key_to_seal(self.client_id)
        earlier = self.unsealed(key)
        if (wanted := answers.over(earlier)) != earlier:
            self.hold(wanted, key, now)
            self.save(update_fields=["revision", "not_today", "edited_at", "answers_sealed"])
        return earlier

    def unsealed(self, key: PersonKey) -> Answers | None:
        """The answers. None for a "not today", and for what does not open."""
        if self.not_today:
            return None
        try:
            return Answers.from_json(key.unseal(bytes(self.answers_sealed), *self._about))
        except Unreadable:
            logger.error("check-in %s cannot be opened", self.pk)
            return None

    @property
    def _about(self) -> tuple[object, ...]:
        return "checkins.check_in", self.pk, "answers", self.revision


def _opened(check_ins: list[CheckIn]) -> list[Opened]:
    keys = keys_for({check_in.client_id for check_in in check_ins if not check_in.not_today})
    return [Opened(row, None if row.not_today else row.unsealed(keys[row.client_id])) for row in check_ins]
