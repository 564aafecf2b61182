from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.contrib.humanize.templatetags.humanize import ordinal
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.who import names_of, who_can_see
from groups.models.attendance import KIND_WORDS
from groups.models.booking import Booking, State

if TYPE_CHECKING:
    from groups.models.company import Company
    from groups.models.session import Session


class Standing:
    """Where one client stands in a session, in words, once `places.count` has looked."""

    ends_at: datetime
    cancelled_at: datetime | None
    my_state: str | None = None
    my_mark: str | None = None
    my_apology_at: datetime | None = None  # they said that they cannot come (B6)
    my_offer_until: datetime | None = None  # a place is kept for them until then (B4)
    my_adds_me = False  # in at once when a place opens within a day of the start (B4)
    my_position = 0  # in the waitlist, counted from 1

    @property
    def is_over(self) -> bool:
        return timezone.now() >= self.ends_at

    def is_ahead(self, now: datetime) -> bool:
        session = cast("Session", self)
        return not (self.cancelled_at or session.rests or session.has_begun(now))

    def is_offered(self, now: datetime) -> bool:
        """Whether a place here waits for an answer of theirs (B4)."""
        until = self.my_offer_until
        return until is not None and until > now and self.is_ahead(now)

    @property
    def standing(self) -> str:
        state, session = self.my_state, cast("Session", self)
        if self.cancelled_at:
            return _("Cancelled")
        if session.rests:
            return _("Rests")
        if self._was_expected_or_came:
            return str(KIND_WORDS.get(self.my_mark or "", _("You were on the list")))
        if state == State.CONFIRMED and self.my_apology_at:
            return _("Not coming this time")
        if state == State.EXPIRED or (state == State.WAITLISTED and session.has_begun(timezone.now())):
            return _("No place came free")
        if state == State.OFFERED and self.my_offer_until:
            return self._offer_words(self.my_offer_until)
        if state == State.WAITLISTED:
            return _("Waitlist, you are %(position)s") % {"position": ordinal(self.my_position)}
        return str(State(state).label) if state else ""

    @property
    def standing_said(self) -> str:
        """As a sentence, for whoever hears what a button did."""
        if (
            self.my_state == State.WAITLISTED
            and self.my_position
            and cast("Session", self).is_ahead(timezone.now())
        ):
            return _("You wait, %(position)s in line.") % {"position": ordinal(self.my_position)}
        return f"{self.standing}."

    @property
    def _was_expected_or_came(self) -> bool:
        """It is over, and they had a place or a mark: who waited may have come all the same (B7)."""
        return self.is_over and bool(self.my_mark or self.my_state == State.CONFIRMED)

    def _offer_words(self, until: datetime) -> str:
        if timezone.now() >= until:
            return _("An offer ended")
        when = date_format(timezone.localtime(until), "l, g:i a")
        return _("Yours to take until %(when)s") % {"when": when}

    @property
    def standing_tone(self) -> str:
        """The class of the tag beside `standing`."""
        if self.cancelled_at:
            return "alert"
        if cast("Session", self).rests:
            return "wait"
        if self._was_expected_or_came:
            return "" if self.my_mark in (None, "absent", "excused") else "good"
        return "wait" if self.my_state != State.CONFIRMED or self.my_apology_at else "good"

    def who_sees(self, client: User, own: Company | None = None) -> str:
        """Who sees that this client is on it, or who would. Nothing for a session that is closed to them.

        `own` is what they chose to let others see.
        """
        session, now = cast("Session", self), timezone.now()
        place = Booking(session=session, client=client)
        others = _("Other people who live here cannot.")
        if own and own.is_read_in(session, now) and self.my_state in (None, State.CONFIRMED):
            others = own.who_reads_in(session, now)
        if self.my_state:
            return f"{who_can_see(place, reader=client)} {others}"
        if not session.is_joinable(now, client):
            return ""
        later = [row.person for row in session.leading if session.list_opens_at(row.person, now)]
        words = _("If you join, %(names)s can see it. %(others)s")
        if later:  # whoever stands in (B9)
            words = _("If you join, %(names)s can see it, and %(later)s from the day before. %(others)s")
        listed = get_text_list([str(person) for person in later], _("and"))
        return words % {"names": names_of(place, reader=client), "later": listed, "others": others}
