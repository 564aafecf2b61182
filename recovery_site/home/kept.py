"""What is kept of somebody who lives here, and until when. Who sees it is each model's own rule
(`accounts.who`), so the page that tells people cannot say another thing than the code does.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    AccessRecord,
    AuditEvent,
    Bringing,
    CareTeamMember,
    Contact,
    DataKey,
    EmergencyAccess,
    Invitation,
    OutreachTask,
    Stay,
    Unsent,
    User,
)
from accounts.models.unsent import KEPT_FOR as UNSENT_FOR
from accounts.who import who_sees
from checkins.models import Acceptance, CheckIn, Measure, ReminderPlan
from groups.models import (
    Attendance,
    AttendanceChange,
    Booking,
    CalendarFeed,
    Company,
    Distance,
    Encouragement,
    GroupKey,
    JoinRequest,
    Membership,
    SessionNote,
)
from groups.models.encouragement import KEPT_FOR as ENCOURAGED_FOR
from journal.models import Draft, Entry, Narrative, OnThisDay, Reply, Share, SharedCopy
from journal.models.keeping import TIME_TO_THINK
from notifications.models import Notification, PushSubscription

AN_HOUR = 3600  # in seconds
UNTIL_ALL_GOES = _("Until you delete everything.")
A_NUMBER_STAYS = _("It stays. Once you delete everything, a number stands in place of your name.")


@dataclass(frozen=True)
class Kept:
    """Rows that the same people see and that go in the same way; `number` counts the rule's days or hours."""

    what: Promise
    models: tuple[type[Model], ...]
    until: Promise = UNTIL_ALL_GOES
    number: int = 0

    @property
    def who(self) -> str:
        return who_sees(self.models[0])

    @property
    def how_long(self) -> str:
        return str(self.until) % {"number": self.number} if self.number else str(self.until)


KEPT = (
    Kept(
        _("Pages of your journal, and drafts"),
        (Entry, Draft, OnThisDay, Bringing),
        _("Until you delete them. For %(number)s hours you can bring a deleted page back."),
        int(TIME_TO_THINK.total_seconds() // AN_HOUR),
    ),
    Kept(
        _("Pages that you share, and what was answered"),
        (Share, SharedCopy, Reply),
        _("They read it until you take it back. The rest stays until you delete the page or everything."),
    ),
    Kept(_("Check-ins"), (CheckIn,)),
    Kept(_("The weekly questions"), (Measure,)),
    Kept(_("Your reminders, and that you read how check-ins work"), (ReminderPlan, Acceptance)),
    Kept(_("The story of your stay that you write with your care team"), (Narrative,)),
    Kept(_("That you asked for somebody, or that nobody heard from you"), (OutreachTask,)),
    Kept(_("That staff talked with you"), (Contact,)),
    Kept(_("Who opened your page in an emergency, and why"), (EmergencyAccess,)),
    Kept(
        _("Sessions you joined, and attendance"),
        (Booking, Attendance, AttendanceChange),
        _("Until you delete everything. That somebody was in a past session stays, without a name."),
    ),
    Kept(_("Groups you belong to or asked for"), (Membership, JoinRequest)),
    Kept(
        _("A kind sentence that you send or get"),
        (Encouragement,),
        _("It is deleted after %(number)s days."),
        ENCOURAGED_FOR.days,
    ),
    Kept(_("Whether others read your name, and from whom you stay apart"), (Company, Distance)),
    Kept(
        _("Messages to you, your devices, your calendar address"),
        (Notification, PushSubscription, CalendarFeed),
    ),
    Kept(
        _("What you wrote when a page could not be sent"),
        (Unsent,),
        _("It is deleted after %(number)s days."),
        UNSENT_FOR.days,
    ),
    Kept(_("Your name, your stay and your care team"), (User, Stay, CareTeamMember)),
    Kept(
        _("The invitation by which you came"),
        (Invitation,),
        _("Its link works for %(number)s days. What staff called you on it goes when you delete everything."),
        settings.INVITATION_DAYS,
    ),
    Kept(_("Who looked at your page"), (AccessRecord,), A_NUMBER_STAYS),
    Kept(_("What was done with accounts and rights"), (AuditEvent,), A_NUMBER_STAYS),
    Kept(
        _("A note that staff keep about a session"),
        (SessionNote,),
        _("It is about the session, not about a person, and stays with it."),
    ),
    Kept(
        _("The keys that seal words"),
        (DataKey, GroupKey),
        _("Yours is the first thing that goes when you delete everything."),
    ),
)
