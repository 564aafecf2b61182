from groups.models.attendance import Attendance
from groups.models.booking import Booking
from groups.models.edit import Edit, Scope
from groups.models.facilitator import Facilitator
from groups.models.feed import CalendarFeed
from groups.models.group import Admission, AgreementAcceptance, Group, Kind, Pace
from groups.models.holiday import Holiday, KeptOnHoliday
from groups.models.house_board import HouseBoard
from groups.models.leave import Leave
from groups.models.room import Room
from groups.models.series import Series
from groups.models.session import Session
from groups.models.skipped_date import SkippedDate
from groups.models.suspension import Suspension

__all__ = [
    "Admission",
    "AgreementAcceptance",
    "Attendance",
    "Booking",
    "CalendarFeed",
    "Edit",
    "Facilitator",
    "Group",
    "Holiday",
    "HouseBoard",
    "KeptOnHoliday",
    "Kind",
    "Leave",
    "Pace",
    "Room",
    "Scope",
    "Series",
    "Session",
    "SkippedDate",
    "Suspension",
]
