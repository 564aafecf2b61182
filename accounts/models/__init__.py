from accounts.models.access import AccessRecord
from accounts.models.audit import AuditEvent
from accounts.models.bringing import Bringing
from accounts.models.calls import OutreachCall
from accounts.models.care_team import CareTeamMember
from accounts.models.contact import Contact
from accounts.models.duty import DutyShift
from accounts.models.emergency import EmergencyAccess
from accounts.models.invitation import Invitation
from accounts.models.key import DataKey
from accounts.models.outreach import OutreachTask
from accounts.models.seal import AuditSeal
from accounts.models.stay import Stay
from accounts.models.unsent import Unsent
from accounts.models.user import User

__all__ = [
    "AccessRecord",
    "AuditEvent",
    "AuditSeal",
    "Bringing",
    "CareTeamMember",
    "Contact",
    "DataKey",
    "DutyShift",
    "EmergencyAccess",
    "Invitation",
    "OutreachCall",
    "OutreachTask",
    "Stay",
    "Unsent",
    "User",
]
