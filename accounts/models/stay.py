from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Max, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models.audit import AuditEvent
from accounts.models.care_team import care_team, in_an_emergency
from accounts.who import MANAGERS, Own, Rule

if TYPE_CHECKING:
    from accounts.models.user import User

BED_TAKEN = _("Somebody has this bed already.")
LONGEST_AGO = timedelta(days=5 * 366)  # an arrival before that is a slip of the keyboard


def as_written(bed: str) -> str:
    return unicodedata.normalize("NFC", " ".join(bed.split()))


class StayQuerySet(models.QuerySet["Stay"]):
    def current(self, on: date | OuterRef) -> StayQuerySet:
        """Stays that hold on that day, the day of discharge not included."""
        return self.filter(admitted_on__lte=on).not_over(on)

    def not_over(self, on: date | OuterRef) -> StayQuerySet:
        return self.filter(Q(discharged_on=None) | Q(discharged_on__gt=on))

    def in_bed(self, bed: str, on: date) -> Stay | None:
        """Who has it, in any case of any script: SQLite folds the case of ASCII alone."""
        wanted = as_written(bed).casefold()
        rows = self.not_over(on).exclude(bed="").select_related("client")
        return next((row for row in rows if row.bed.casefold() == wanted), None)

    def visible_to(self, user: User) -> StayQuerySet:
        """One's own, those of a clinician's clients, all of them for a manager."""
        return Stay.seen_by.rows(self, user)


class Stay(models.Model):
    """Admission to discharge; a person may have several."""

    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stays")
    admitted_on = models.DateField(_("admitted on"))
    discharged_on = models.DateField(_("discharged on"), null=True, blank=True)
    bed = models.CharField(_("bed"), max_length=40, blank=True)

    objects = StayQuerySet.as_manager()
    seen_by = Rule(Own("client"), care_team("client"), MANAGERS, beside=in_an_emergency("client"))

    class Meta:
        ordering = ["-admitted_on"]
        # Who is here is asked on most pages, and few are, of all who ever were.
        indexes = [models.Index(fields=["discharged_on", "client"], name="stays_by_last_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(discharged_on=None),
                name="one_open_stay_per_client",
                violation_error_message=_("This person has an open stay already."),
            ),
            models.UniqueConstraint(
                Lower("bed"),
                condition=Q(discharged_on=None) & ~Q(bed=""),
                name="one_person_in_a_bed",
                violation_error_message=BED_TAKEN,
            ),
            models.CheckConstraint(
                condition=Q(discharged_on=None) | Q(discharged_on__gte=F("admitted_on")),
                name="discharge_after_admission",
                violation_error_message=_("The day of leaving comes before the day of arrival."),
            ),
        ]

    def __str__(self) -> str:
        return f"stay from {self.admitted_on}"

    def day_number(self, on: date) -> int:
        """1 on the day of arrival."""
        return (on - self.admitted_on).days + 1

    def is_open(self, on: date) -> bool:
        return self.discharged_on is None or self.discharged_on > on

    @transaction.atomic
    def change(self, *, on: date, bed: str, by: User, now: datetime) -> None:
        """Another day of arrival, another bed. Raises ValidationError as `keep` does, and for a stay that
        is over: somebody may have ended it, or deleted all of it, while the form was open (A6)."""
        self.client.lock()
        standing = Stay.objects.not_over(timezone.localdate(now)).filter(pk=self.pk).first()
        if standing is None:
            raise ValidationError(_("This stay is over. Nothing in it can be changed any more."))
        self.admitted_on, self.discharged_on, self.bed = (
            standing.admitted_on,
            standing.discharged_on,
            standing.bed,
        )
        if (self.admitted_on, self.bed) == (on, bed):
            return
        self.admitted_on, self.bed = on, bed
        self.keep(now=now)
        AuditEvent.objects.record(AuditEvent.Act.STAY_CHANGED, by=by, about=self.client, now=now)

    @transaction.atomic
    def keep(self, *, now: datetime) -> None:
        """Saves the stay. Raises ValidationError for a day that cannot be, a second open stay, a bed in use.

        Two who give away one bed at the same moment: the constraint of the database lets one of them.
        """
        self.client.lock()
        self.bed = as_written(self.bed)
        self._check_day(timezone.localdate(now))
        self._check_bed(timezone.localdate(now))
        self.validate_constraints()
        try:
            with transaction.atomic():
                # The last day is not written here: whoever ends the stay does that.
                self.save(update_fields=None if self._state.adding else ["admitted_on", "bed"])
        except IntegrityError as error:
            raise ValidationError({"bed": BED_TAKEN}) from error

    def _check_day(self, today: date) -> None:
        if not today - LONGEST_AGO <= self.admitted_on <= today:
            raise ValidationError({"admitted_on": _("Choose the day of arrival: today, or a day before.")})
        others = self.client.stays.exclude(pk=self.pk).filter(discharged_on__gt=self.admitted_on)
        if self.discharged_on is not None:
            others = others.filter(admitted_on__lt=self.discharged_on)
        if last := others.aggregate(day=Max("discharged_on"))["day"]:
            day = date_format(last, "j F Y")
            words = _now("This person was here until %(day)s. Choose that day or a later one.") % {"day": day}
            raise ValidationError({"admitted_on": words})

    def _check_bed(self, today: date) -> None:
        if Stay.objects.exclude(pk=self.pk).in_bed(self.bed, today):
            raise ValidationError({"bed": BED_TAKEN})
