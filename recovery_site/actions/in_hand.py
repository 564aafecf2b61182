"""What somebody of the staff has in hand, which is handed over before they leave or get another role (A9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from accounts.models import CareTeamMember, Invitation, OutreachTask, User
from groups import handover
from groups.handover import Led


@dataclass(frozen=True)
class InHand:
    """What somebody of the staff has in hand now."""

    led: list[Led]
    members: list[CareTeamMember]
    talks: list[OutreachTask]
    invitations: list[Invitation]
    sheets: int  # not filled in yet, of sessions that are over

    @property
    def is_free(self) -> bool:
        """Nothing would be left to nobody. Invitations are simply taken back, sheets stay as they are."""
        return not (self.led or self.members or self.talks)

    @property
    def words(self) -> list[str]:
        """What nobody would do if this person did none of it from now on."""
        sessions = sum(len(led.sessions) for led in self.led)
        rules = sum(not led.sessions for led in self.led)
        clients, people = len(self.members), len(self.talks)
        found = [
            (clients, ngettext("They care for %d client.", "They care for %d clients.", clients)),
            (sessions, ngettext("They lead %d session ahead.", "They lead %d sessions ahead.", sessions)),
            (
                rules,
                ngettext(
                    "They lead %d group whose next days are not planned yet.",
                    "They lead %d groups whose next days are not planned yet.",
                    rules,
                ),
            ),
            (
                people,
                ngettext(
                    "They are going to talk to %d person.", "They are going to talk to %d people.", people
                ),
            ),
        ]
        return [text % count for count, text in found if count]


def in_hands_of(person: User, now: datetime) -> InHand:
    members = CareTeamMember.objects.standing().filter(clinician=person).select_related("client")
    talks = OutreachTask.objects.open().filter(taken_by=person).with_team().select_related("client")
    return InHand(
        led=handover.led_by(person, now),
        members=list(members.order_by("client__chosen_name", "pk")),
        talks=list(talks),
        invitations=list(Invitation.objects.open(now).filter(issued_by=person).order_by("expires_at")),
        sheets=handover.sheets_left(person, now),
    )
