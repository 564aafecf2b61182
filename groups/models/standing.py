from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.contrib.humanize.templatetags.humanize import ordinal
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from groups.models.booking import State

if TYPE_CHECKING:
    from groups.models.session import Session


class Standing:
    """Where one client stands in a session, in words; for rows that come `with_booking_of`."""

    ends_at: datetime
    cancelled_at: datetime | None
    my_state: str | None = None

    @property
    def standing(self) -> str:
        now = timezone.now()
        if self.cancelled_at:
            return _("Cancelled")
        if self.my_state == State.CONFIRMED and now >= self.ends_at:
            return _("You were on the list")
        if self.my_state == State.WAITLISTED and cast("Session", self).has_begun(now):
            return _("No place came free")
        if self.my_state == State.WAITLISTED:
            position = ordinal(getattr(self, "my_position", 1))
            return _("Waitlist, you are %(position)s") % {"position": position}
        return str(State(self.my_state).label) if self.my_state else ""

    @property
    def standing_tone(self) -> str:
        """The class of the tag beside `standing`."""
        if self.cancelled_at:
            return "alert"
        return "good" if self.my_state == State.CONFIRMED else "wait"

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
        names = get_text_list([str(person) for person in self.readers(client)], _("and"))
        states: dict[str | None, str] = {
            State.CONFIRMED: _("%(names)s can see that you are in. Other people here cannot."),
            State.WAITLISTED: _("%(names)s can see that you are waiting. Other people here cannot."),
        }
        words = _("If you join, %(names)s can see it. Other people here cannot.")
        return states.get(self.my_state, words) % {"names": names}
