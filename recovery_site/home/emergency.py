"""What a clinician reads about a client of others for an hour, after writing why (A10)."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts.models import AccessRecord, EmergencyAccess, User
from checkins.models import CheckIn
from recovery_site.home.models import HelpLine

SHOWN = 10


def before(client: User) -> dict[str, Any]:
    """Help that is there without opening anything. Who is on the care team tells about the person, too."""
    return {"person_shown": client, "lines": list(HelpLine.objects.active())}


def page_of(client: User, *, reader: User, now: datetime) -> dict[str, Any]:
    """Contact, stay, care team and the check-ins of some days. Each look is noted (A5)."""
    what = AccessRecord.What.PROFILE
    AccessRecord.objects.note(actor=reader, subjects=[client.pk], what=what, now=now)
    access = EmergencyAccess.objects.held_by(reader, now).filter(client=client).order_by("-ends_at").first()
    team = client.care_team().annotate(leads=F("client_rows__is_primary"))
    return {
        "person_shown": client,
        "team": list(team),
        "until": access and access.ends_at,
        "stays": list(client.stays.current(timezone.localdate(now))),
        "days": CheckIn.objects.for_emergency(client, by=reader, now=now),
    }


def recent(client: User, *, reader: User) -> list[EmergencyAccess]:
    """The last ones, with their reasons, for those who may read them."""
    return EmergencyAccess.objects.filter(client=client).visible_to(reader).read(by=reader)[:SHOWN]
