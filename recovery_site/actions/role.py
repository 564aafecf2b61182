from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import CareTeamMember, OutreachTask, User
from accounts.roles import Role
from groups.models import Session


@transaction.atomic
def change_role(*, person: User, role: str, by: User, now: datetime) -> None:
    """From one role of the staff to another; every session of the person ends (A9).

    Raises ValidationError in words: for a clinician whose work is not handed over, for the last manager.
    """
    User.objects.lock_managers()  # before the person, as the verb does: one order, or two managers block
    person.lock()
    if person.is_clinician and role != Role.CLINICIAN and (work := in_hand(person, now)):
        raise ValidationError([_("Hand this over first."), *work])
    person.change_role(role, by=by, now=now)


def in_hand(clinician: User, now: datetime) -> list[str]:
    """What nobody would do if this clinician were none from now on."""
    clients = CareTeamMember.objects.standing().filter(clinician=clinician).count()
    sessions = Session.objects.not_cancelled().led_by(clinician).filter(starts_at__gt=now).count()
    talks = OutreachTask.objects.open().filter(taken_by=clinician).count()
    words = [
        (clients, ngettext("They care for %d client.", "They care for %d clients.", clients)),
        (sessions, ngettext("They lead %d session ahead.", "They lead %d sessions ahead.", sessions)),
        (
            talks,
            ngettext("They are going to talk to %d person.", "They are going to talk to %d people.", talks),
        ),
    ]
    return [text % count for count, text in words if count]
