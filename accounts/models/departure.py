from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.utils import timezone

from accounts.models.audit import AuditEvent

if TYPE_CHECKING:
    from accounts.models.user import User


class Departure:
    """What becomes of a client's account after a stay: it is open for a while, then it waits, sealed (A6).

    These are the parts of accounts in what touches every app, so each is called inside the transaction of
    an action, on somebody who is locked.
    """

    away_since: date | None
    is_active: bool

    @property
    def last_day(self) -> date | None:
        """The last day on which somebody who left can sign in. The day of leaving is the first."""
        return self.away_since and last_day_after(self.away_since)

    @property
    def can_sign_in(self) -> bool:
        """Also where the nightly work, which closes the account after the last day, did not run."""
        return self.is_active and (self.last_day is None or timezone.localdate() <= self.last_day)

    def leave(self, *, on: date, by: User, now: datetime) -> None:
        """Ends the stay, the care team, every way in that others hold, and every sign-in for good.
        What comes from one at this moment is refused: `away_since` is part of what a session is checked
        against."""
        from accounts.models.emergency import EmergencyAccess
        from accounts.sign_in import devices

        client, today = cast("User", self), timezone.localdate(now)
        client.stays.not_over(today).update(discharged_on=on)
        client.care_team_rows.standing().update(ended_at=now)
        EmergencyAccess.objects.filter(client=client, began_at__lt=now, ends_at__gt=now).update(ends_at=now)
        self._revoke_cards(by, now)
        client.away_since = today
        client.save(update_fields=["away_since"])
        devices.end_all(client)
        AuditEvent.objects.record(AuditEvent.Act.DISCHARGED, by=by, about=client, now=now)

    def close(self, *, by: User | None, now: datetime, detail: str = "") -> None:
        """Nobody signs in any more, and nothing is deleted. `by` is None for the nightly work."""
        from accounts.sign_in import devices

        client = cast("User", self)
        self._revoke_cards(by, now)
        client.is_active, client.closed_at = False, now
        client.save(update_fields=["is_active", "closed_at"])
        devices.end_all(client)
        AuditEvent.objects.record(AuditEvent.Act.CLOSED, by=by, about=client, detail=detail, now=now)

    def reopen(self, *, by: User, now: datetime) -> None:
        from accounts.sign_in import devices

        client = cast("User", self)
        client.is_active, client.closed_at, client.away_since = True, None, None
        client.save(update_fields=["is_active", "closed_at", "away_since"])
        devices.end_all(client)
        AuditEvent.objects.record(AuditEvent.Act.REOPENED, by=by, about=client, now=now)

    def _revoke_cards(self, by: User | None, now: datetime) -> None:
        from accounts.models.invitation import Invitation

        cards = Invitation.objects.open(now).filter(person=cast("User", self))
        cards.update(revoked_at=now, revoked_by=by)


def last_day_after(left: date) -> date:
    return left + timedelta(days=settings.ALUMNI_DAYS - 1)
