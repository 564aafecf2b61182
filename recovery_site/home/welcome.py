"""The first steps of somebody new: what they chose, who sees what, how check-ins are read, their device."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.http import PersonRequest
from accounts.models import User
from accounts.sign_in import session_limits
from accounts.who import names_of
from checkins.first_use import explanation
from checkins.models import Acceptance, CheckIn
from groups.models import Booking, Company
from journal.models import Entry


def compose(request: PersonRequest, now: datetime) -> dict[str, Any]:
    client = request.user
    accepted = Acceptance.objects.visible_to(client).current().first()
    return {
        **explanation(request),
        "first_steps": True,
        "accepted": accepted,
        "rows": who_sees_what(client),
        "zone": client.zone.key.replace("_", " "),
        "clock": time_format(timezone.localtime(now, client.zone)),
        "is_shared": session_limits.is_shared(request),
        "has_passkey": Authenticator.objects.filter(user=client, type=Authenticator.Type.WEBAUTHN).exists(),
    }


def who_sees_what(client: User) -> list[tuple[str, str]]:
    """What there is of this client, and who can see it today, by the rules that decide it."""
    groups = _("%(names)s, and whoever leads the group")
    own = Company.objects.visible_to(client).first() or Company(client=client)
    return [
        (_("Your journal"), capfirst(names_of(Entry(owner=client), reader=client))),
        (_("Your check-ins"), capfirst(names_of(CheckIn(client=client), reader=client))),
        (
            _("The groups you join, and whether you came"),
            capfirst(groups % {"names": names_of(Booking(client=client), reader=client)}),
        ),
        (_("Your name, your stay, your care team"), capfirst(names_of(client, reader=client))),
        (_("Your name, for others in your groups"), own.who_reads),
    ]
