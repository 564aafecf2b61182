"""What clients let each other see: by their own choice, and nothing until they choose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.who import Own, Rule
from groups.models.booking import Booking, State
from groups.models.distance import between
from groups.refusals import NamedFirst

if TYPE_CHECKING:
    from accounts.models.user_queries import UserQuerySet
    from groups.models.session import Session

NAMES_FROM = timedelta(hours=24)  # how long before a session its people begin to read each other's names
NAMES_FOR = timedelta(days=14)  # and how long after it they still do


def living_here(now: datetime) -> UserQuerySet:
    return User.objects.in_house(timezone.localdate(now))


def names_stand(session: Session, now: datetime) -> bool:
    """Not earlier: or somebody could join, read, and leave session after session until they find a person."""
    return session.starts_at - NAMES_FROM <= now < session.ends_at + NAMES_FOR


class CompanyQuerySet(models.QuerySet["Company"]):
    def visible_to(self, user: User) -> CompanyQuerySet:
        return Company.seen_by.rows(self, user)

    def choose(self, client: User, *, shows_name: bool, encouraged: bool, now: datetime) -> None:
        """From now on; what is off stops at once. Raises NamedFirst for the second without the first.

        The client is held: whoever leaves, or deletes everything, at this moment shows nothing afterwards.
        """
        if encouraged and not shows_name:
            raise NamedFirst
        with transaction.atomic():
            client.lock()
            if not living_here(now).filter(pk=client.pk).exists():
                return
            if not shows_name:
                self.end(client)
                return
            row = self.filter(client=client).first() or Company(client=client)
            row.shows_name_since = row.shows_name_since or now
            row.encouraged_since = (row.encouraged_since or now) if encouraged else None
            row.save()

    def refuse_encouragement(self, client: User) -> None:
        """Touches nothing else: whoever hid their name in another window stays hidden."""
        self.filter(client=client).update(encouraged_since=None)

    def end(self, client: User) -> None:
        """Nothing any more; so also for whoever leaves the house, whose later stay begins unseen (A6)."""
        self.filter(client=client).delete()

    def encouraged(self) -> CompanyQuerySet:
        return self.filter(encouraged_since__isnull=False)

    def in_session(self, session: Session, now: datetime) -> CompanyQuerySet:
        """Those who show their name and have a confirmed place there, each with its key as `place`.

        Not whoever chose it only after the session was over: that they were there was told to nobody then.
        """
        places = Booking.objects.filter(session=session, client=OuterRef("client"), state=State.CONFIRMED)
        showing = self.filter(shows_name_since__lt=session.ends_at, client__in=living_here(now))
        return showing.annotate(place=Subquery(places.values("pk")[:1])).filter(place__isnull=False)

    def beside(self, client: User, session: Session, now: datetime) -> list[Company]:
        """The others whose names this client reads there, by name. Nobody looks without being seen.

        So only for whoever has a confirmed place and shows their own name, and only around the session; and
        nobody of whom one of the two hides from the other.
        """
        if not names_stand(session, now):
            return []
        rows = self.in_session(session, now).exclude(between(client, "client")).select_related("client")
        found = list(rows.order_by("client__chosen_name", "pk"))
        is_seen = any(row.client_id == client.pk for row in found)
        return [row for row in found if row.client_id != client.pk] if is_seen else []


class Company(models.Model):
    """What one client chose to let co-members see and send. Without a row: nothing."""

    client = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="company"
    )
    shows_name_since = models.DateTimeField(null=True, blank=True)
    encouraged_since = models.DateTimeField(null=True, blank=True)

    place: object  # of in_session

    objects = CompanyQuerySet.as_manager()
    seen_by = Rule(Own("client"))

    class Meta:
        constraints = [
            models.CheckConstraint(  # who cannot be seen cannot be written to
                condition=Q(encouraged_since=None) | Q(shows_name_since__isnull=False),
                name="encouraged_by_name",
                violation_error_message=gettext_lazy(
                    "People need to see your name before they can send you something."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"choice of {self.client_id}"

    def is_read_in(self, session: Session, now: datetime) -> bool:
        """Whether others with a place there, who show theirs, read the name of whoever has a place."""
        since = self.shows_name_since
        return since is not None and since < session.ends_at and now < session.ends_at + NAMES_FOR

    def who_reads_in(self, session: Session, now: datetime) -> str:
        if names_stand(session, now):
            return _(
                "Others with a place here read your name too, if they show theirs, except those you hide "
                "from."
            )
        return _(
            "From the day before, others with a place here read your name too, if they show theirs, except "
            "those you hide from."
        )

    @property
    def who_reads(self) -> str:
        """Of their name; the choice itself is read by nobody else."""
        if self.shows_name_since is None:
            return _("Nobody else who lives here reads your name.")
        return _(
            "Your name is read by those who have a place in a session with you and show theirs, except those "
            "you hide from."
        )
