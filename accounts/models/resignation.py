from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.roles import STAFF

if TYPE_CHECKING:
    from accounts.models.user import User


class Resignation:
    """How somebody of the staff leaves, and comes back (A9).

    These are the parts of accounts in what touches every app, so each is called inside the transaction of
    an action, on somebody who is locked.
    """

    def resign(self, *, by: User, now: datetime) -> None:
        """Closes the account and takes back the invitations that still wait. Raises ValidationError for a
        client, for the last manager, and while clients or reach-outs are in this person's hands."""
        from accounts.models.invitation import Invitation
        from accounts.models.outreach import OutreachTask

        person = cast("User", self)
        if person.role not in STAFF:
            raise ValidationError(_("A client leaves by the end of the stay."))
        if type(person).objects.lock_managers() == {person.pk}:
            raise ValidationError(_("This is the last manager. Make somebody else a manager first."))
        if person.client_rows.standing().exists():
            raise ValidationError(_("Hand over their clients first."))
        if OutreachTask.objects.open().filter(taken_by=person).exists():
            raise ValidationError(_("Hand over their reach-outs first."))
        for invitation in Invitation.objects.open(now).filter(issued_by=person):
            invitation.revoke(by=by, now=now)
        person.close(by=by, now=now)

    def reinstate(self, *, by: User, now: datetime) -> None:
        """Opens the account again, for a new card alone: without a password no mail makes a new one."""
        from allauth.mfa.models import Authenticator

        person = cast("User", self)
        if person.role not in STAFF or person.erased_at is not None:
            raise ValidationError(_("This account cannot be opened again."))
        person.set_unusable_password()
        person.save(update_fields=["password"])
        Authenticator.objects.filter(user=person).delete()
        person.reopen(by=by, now=now)
