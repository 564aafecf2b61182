from groups.models.attendance import Attendance
from groups.models.booking import Booking
from groups.models.facilitator import Facilitator
from groups.models.group import Admission, AgreementAcceptance, Group, Kind, Pace
from groups.models.room import Room
from groups.models.series import Series
from groups.models.session import Session

__all__ = [
    "Admission",
    "AgreementAcceptance",
    "Attendance",
    "Booking",
    "Facilitator",
    "Group",
    "Kind",
    "Pace",
    "Room",
    "Series",
    "Session",
]
