from groups.models.attendance import Attendance
from groups.models.attendance_change import AttendanceChange
from groups.models.booking import Booking
from groups.models.company import Company
from groups.models.distance import Distance
from groups.models.edit import Edit, Scope
from groups.models.encouragement import Encouragement
from groups.models.facilitator import Facilitator
from groups.models.feed import CalendarFeed
from groups.models.group import Admission, AgreementAcceptance, Group, Kind, Pace
from groups.models.holiday import Holiday, KeptOnHoliday
from groups.models.house_board import HouseBoard
from groups.models.join_request import JoinRequest
from groups.models.leave import Leave
from groups.models.membership import Membership
from groups.models.room import Room
from groups.models.series import Series
from groups.models.session import Session
from groups.models.session_note import GroupKey, SessionNote
from groups.models.skipped_date import SkippedDate
from groups.models.suspension import Suspension

__all__ = [
    "Admission",
    "AgreementAcceptance",
    "Attendance",
    "AttendanceChange",
    "Booking",
    "CalendarFeed",
    "Company",
    "Distance",
    "Edit",
    "Encouragement",
    "Facilitator",
    "Group",
    "GroupKey",
    "Holiday",
    "HouseBoard",
    "JoinRequest",
    "KeptOnHoliday",
    "Kind",
    "Leave",
    "Membership",
    "Pace",
    "Room",
    "Scope",
    "Series",
    "Session",
    "SessionNote",
    "SkippedDate",
    "Suspension",
]
