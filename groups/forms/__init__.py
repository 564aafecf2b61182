from groups.forms.attendance import AttendanceForm, MarkForm, WalkInForm
from groups.forms.groups import GroupForm, RoomForm
from groups.forms.planning import SeriesForm

__all__ = ["AttendanceForm", "GroupForm", "MarkForm", "RoomForm", "SeriesForm", "WalkInForm"]
