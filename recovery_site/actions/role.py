from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from groups import handover
from recovery_site.actions.in_hand import in_hands_of


@transaction.atomic
def change_role(*, person: User, role: str, by: User, now: datetime) -> None:
    """From one role of the staff to another; every session of the person ends (A9).

    Raises ValidationError in words: for a clinician whose work is not handed over, for the last manager.
    A session that runs counts, and so does a series of which nothing is laid out.
    """
    User.objects.lock_managers()  # before the person, as the verb does: one order, or two managers block
    person.lock()
    person.refresh_from_db(fields=["role"])
    if person.is_clinician and role != Role.CLINICIAN:
        work = in_hands_of(person, now)
        if not work.is_free:
            raise ValidationError([_("Hand this over first."), *work.words])
        handover.let_go(person, by=by, now=now)
    person.change_role(role, by=by, now=now)
