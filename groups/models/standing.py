from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.contrib.humanize.templatetags.humanize import ordinal
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from groups.models.attendance import KIND_WORDS
from groups.models.booking import State

if TYPE_CHECKING:
    from groups.models.session import Session


class Standing:
    """Where one client stands in a session, in words, once `places.count` has looked."""

    ends_at: datetime
    cancelled_at: datetime | None
    my_state: str | None = None
    my_mark: str | None = None
    my_position = 0  # in the waitlist, counted from 1

    @property
    def is_over(self) -> bool:
        return timezone.now() >= self.ends_at

    @property
    def standing(self) -> str:
        state, session = self.my_state, cast("Session", self)
        if self.cancelled_at:
            return _("Cancelled")
        if state == State.CONFIRMED and self.is_over:
            return str(KIND_WORDS.get(self.my_mark or "", _("You were on the list")))
        if state == State.WAITLISTED and session.has_begun(timezone.now()):
            return _("No place came free")
        if state == State.WAITLISTED:
            return _("Waitlist, you are %(position)s") % {"position": ordinal(self.my_position)}
        return str(State(state).label) if state else ""

    @property
    def standing_tone(self) -> str:
        """The class of the tag beside `standing`."""
        if self.cancelled_at:
            return "alert"
        if self.my_state != State.CONFIRMED:
            return "wait"
        return "" if self.is_over and self.my_mark in (None, "absent", "excused") else "good"

    def readers(self, client: User) -> QuerySet[User]:
        """The staff who see this client's booking here, as Booking.visible_to decides (see its test)."""
        team = client.care_team().values("pk")
        leads = cast("Session", self).facilitators.values("person")
        return (
            User.objects.clinicians()
            .active()
            .filter(Q(pk__in=leads) | Q(pk__in=team))
            .order_by("chosen_name")
        )

    def readers_in_words(self, client: User) -> str:
        """Who sees this client here, and what. Nothing where nobody sees anything and nobody will."""
        words = self._what_is_read(self.my_state)
        names = get_text_list([str(person) for person in self.readers(client)], _("and")) if words else ""
        return words % {"names": names}

    def _what_is_read(self, state: str | None) -> str:
        if self.is_over or self.cancelled_at:
            if state == State.WAITLISTED:
                return _("%(names)s can see that you waited. Other people here cannot.")
            past = _("%(names)s can see that you were on the list. Other people here cannot.")
            if not self.cancelled_at:
                past = _("%(names)s can see that you were on the list, and your mark. Other people cannot.")
            return past if state else ""
        if state == State.CONFIRMED:
            return _("%(names)s can see that you are in. Other people here cannot.")
        if state == State.WAITLISTED:
            return _("%(names)s can see that you are waiting. Other people here cannot.")
        joinable = cast("Session", self).is_joinable(timezone.now())
        return _("If you join, %(names)s can see it. Other people here cannot.") if joinable else ""
