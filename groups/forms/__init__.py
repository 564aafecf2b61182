from groups.forms.attendance import AttendanceForm
from groups.forms.groups import GroupForm, RoomForm
from groups.forms.planning import SeriesForm

__all__ = ["AttendanceForm", "GroupForm", "RoomForm", "SeriesForm"]
