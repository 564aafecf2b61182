"""A kind sentence from one client to another. No free text, no counts, and nobody learns if it was read."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.who import Own, Rule
from groups.models.company import Company, living_here, names_stand
from groups.models.distance import between
from groups.refusals import NotToThem, SentToday

if TYPE_CHECKING:
    from groups.models.group import Group
    from groups.models.session import Session

NEAR = timedelta(days=14)  # how long after the start of a session that both were in
SHOWN_FOR = timedelta(days=2)
KEPT_FOR = timedelta(days=30)  # for one's own download; who wrote to whom is nobody's business for years


def is_near(session: Session, now: datetime) -> bool:
    """Not before its names stand there: or names could be collected here."""
    return names_stand(session, now) and now <= session.starts_at + NEAR


class EncouragementQuerySet(models.QuerySet["Encouragement"]):
    def visible_to(self, user: User) -> EncouragementQuerySet:
        """What one sent and what one received."""
        return Encouragement.seen_by.rows(self, user)

    def of(self, client: User) -> EncouragementQuerySet:
        """Both directions."""
        return self.filter(Q(sender=client) | Q(recipient=client))

    def lately_to(self, client: User, now: datetime) -> EncouragementQuerySet:
        """Received in the last [2] days, whatever anybody wishes since."""
        return self.filter(recipient=client, sent_at__gt=now - SHOWN_FOR)

    def shown_to(self, client: User, now: datetime) -> EncouragementQuerySet:
        """Received in the last [2] days, while both still wish to send and receive, and live here.

        Whoever turned it off and on again meanwhile finds nothing from before.
        """
        wishes = Company.objects.filter(encouraged_since__lte=OuterRef("sent_at"))
        sent = Exists(wishes.filter(client=OuterRef("sender"), client__in=living_here(now)))
        received = Exists(wishes.filter(client=OuterRef("recipient")))
        rows = self.lately_to(client, now).filter(sent, received).exclude(between(client, "sender"))
        return rows.select_related("sender", "group").order_by("-sent_at", "pk")

    def within_reach(self, client: User, session: Session, now: datetime) -> list[Company]:
        """Who would like to be sent something, of those whose names this client reads in this session."""
        if not is_near(session, now) or not Company.objects.encouraged().filter(client=client).exists():
            return []
        return [row for row in Company.objects.beside(client, session, now) if row.encouraged_since]

    def to_choose(self, client: User, session: Session, now: datetime) -> list[Company]:
        """The same without those who had something from them today: missing, as whoever turned it off is."""
        today = self.filter(sender=client, day=timezone.localdate(now))
        had = set(today.values_list("recipient", flat=True))
        return [row for row in self.within_reach(client, session, now) if row.client_id not in had]

    def send(self, sentence: str, *, to: User, session: Session, by: User, now: datetime) -> Encouragement:
        """Raises SentToday for a second one to the same person, and NotToThem for whatever else is in the
        way: why somebody cannot be reached is told to nobody."""
        day = timezone.localdate(now)
        with transaction.atomic():
            User.objects.hold({to.pk, by.pk})
            if self.filter(sender=by, recipient=to, day=day).exists():
                raise SentToday
            if to.pk not in {row.client_id for row in self.within_reach(by, session, now)}:
                raise NotToThem
            row = Encouragement(sender=by, recipient=to, group=session.group, sentence=sentence)
            row.day, row.sent_at = day, now
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError as error:
                raise SentToday from error
        return row

    def forget_old(self, now: datetime) -> int:
        """Deletes those that are older than [30] days; how many went."""
        return self.filter(sent_at__lt=now - KEPT_FOR).delete()[0]

    def end(self, client: User) -> None:
        """Nothing is left of what they sent or received (A8)."""
        self.of(client).delete()


class Encouragement(models.Model):
    """One of a few kind sentences, from one client to another in a group that both are in."""

    class Sentence(models.TextChoices):
        GLAD = "glad", _("I was glad that you were there.")
        THINKING = "thinking", _("I am thinking of you today.")
        SAID = "said", _("What you said stayed with me.")
        COURAGE = "courage", _("That took courage.")
        ALONE = "alone", _("You are not alone in this.")
        BESIDE = "beside", _("Sit with me next time, if you like.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="encouragements"
    )
    group: models.ForeignKey[Group] = models.ForeignKey(
        "groups.Group", on_delete=models.PROTECT, related_name="+"
    )
    sentence = models.CharField(max_length=10, choices=Sentence)
    day = models.DateField()  # of the program's zone
    sent_at = models.DateTimeField()

    objects = EncouragementQuerySet.as_manager()
    seen_by = Rule(Own("sender"), Own("recipient", mine=_("the other person")))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "recipient", "day"],
                name="one_encouragement_a_day_from_one_to_another",
                violation_error_message=_("You have sent them something today. Tomorrow you can again."),
            ),
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="encouragement_is_for_another"),
            models.CheckConstraint(
                condition=Q(sentence__in=["glad", "thinking", "said", "courage", "alone", "beside"]),
                name="known_encouragement",
            ),
        ]
        indexes = [models.Index(fields=["recipient", "day"], name="encouragements_of_a_day")]

    def __str__(self) -> str:
        return f"{self.sender_id} to {self.recipient_id}"
