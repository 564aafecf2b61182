from django.urls import path

from groups.views import (
    attention,
    calling_off,
    editing,
    endings,
    feed,
    finding_place,
    groups,
    history,
    holidays,
    house_boards,
    leaves,
    moving,
    planning,
    rooms,
    schedule,
    sessions,
    standing_in,
    suspensions,
)

app_name = "groups"
urlpatterns = [
    path("groups/", groups.group_list, name="group_list"),
    path("groups/manage/", groups.group_manage, name="group_manage"),
    path("groups/new/", groups.group_create, name="group_create"),
    path("groups/<uuid:group_id>/", groups.group_detail, name="group_detail"),
    path("groups/<uuid:group_id>/edit/", groups.group_edit, name="group_edit"),
    path("groups/<uuid:group_id>/ending/", endings.group_ending, name="group_ending"),
    path("groups/<uuid:group_id>/agreement/", endings.agreement_versions, name="agreement_versions"),
    path("groups/<uuid:group_id>/history/", history.group_history, name="group_history"),
    path("rooms/", rooms.room_list, name="room_list"),
    path("rooms/<uuid:room_id>/", rooms.room_edit, name="room_edit"),
    path("rooms/<uuid:room_id>/closing/", rooms.room_closing, name="room_closing"),
    path("rooms/<uuid:room_id>/history/", history.room_history, name="room_history"),
    path("series/<uuid:series_id>/history/", history.series_history, name="series_history"),
    path("sessions/<uuid:session_id>/history/", history.session_history, name="session_history"),
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/new/", planning.series_create, name="series_create"),
    path("schedule/new/dates/", planning.series_dates, name="series_dates"),
    path("schedule/month/", schedule.month, name="month"),
    path("schedule/week/", schedule.week, name="week"),
    path("series/<uuid:series_id>/", editing.series_detail, name="series_detail"),
    path("series/<uuid:series_id>/change/", editing.series_change, name="series_change"),
    path(
        "series/<uuid:series_id>/change/preview/",
        editing.series_change_preview,
        name="series_change_preview",
    ),
    path("series/<uuid:series_id>/end/", editing.series_end, name="series_end"),
    path("edits/<uuid:edit_id>/undo/", editing.edit_undo, name="edit_undo"),
    path("sessions/<uuid:session_id>/", sessions.session_detail, name="session_detail"),
    path("sessions/<uuid:session_id>/booking/", sessions.booking, name="booking"),
    path("sessions/<uuid:session_id>/booking/cancellation/", sessions.cancellation, name="cancellation"),
    path(
        "sessions/<uuid:session_id>/cancellation/",
        calling_off.session_cancellation,
        name="session_cancellation",
    ),
    path("sessions/<uuid:session_id>/move/", moving.session_move, name="session_move"),
    path(
        "sessions/<uuid:session_id>/move/preview/", moving.session_move_preview, name="session_move_preview"
    ),
    path("sessions/<uuid:session_id>/leadership/", sessions.leadership, name="leadership"),
    path("sessions/<uuid:session_id>/attendance/", sessions.attendance, name="attendance"),
    path("me/calendar/", feed.feed, name="feed"),
    path("me/calendar/ending/", feed.feed_ending, name="feed_ending"),
    path("calendar/<str:token>.ics", feed.calendar, name="calendar"),
    path("schedule/boards/", house_boards.house_boards, name="house_boards"),
    path(
        "schedule/boards/<uuid:board_id>/ending/", house_boards.house_board_ending, name="house_board_ending"
    ),
    path("schedule/board/<str:token>/", house_boards.house_board, name="house_board"),
    path("schedule/attention/", attention.attention, name="attention"),
    path(
        "series/<uuid:series_id>/dates/<str:day>/leaving-out/",
        attention.date_leaving_out,
        name="date_leaving_out",
    ),
    path("leaves/", leaves.leave_list, name="leave_list"),
    path("leaves/<uuid:leave_id>/ending/", leaves.leave_ending, name="leave_ending"),
    path("sessions/<uuid:session_id>/substitute/", standing_in.substitute, name="substitute"),
    path(
        "sessions/<uuid:session_id>/substitute/ending/",
        standing_in.substitute_ending,
        name="substitute_ending",
    ),
    path("bookings/<uuid:booking_id>/place/", finding_place.place_finding, name="place_finding"),
    path("sessions/<uuid:session_id>/reinstatement/", calling_off.reinstatement, name="reinstatement"),
    path("series/<uuid:series_id>/suspension/", suspensions.suspend, name="suspend"),
    path(
        "suspensions/<uuid:suspension_id>/lifting/", suspensions.suspension_lifting, name="suspension_lifting"
    ),
    path("holidays/", holidays.holiday_list, name="holiday_list"),
    path("holidays/<uuid:holiday_id>/", holidays.holiday_detail, name="holiday_detail"),
    path("holidays/<uuid:holiday_id>/edit/", holidays.holiday_edit, name="holiday_edit"),
    path("holidays/<uuid:holiday_id>/removal/", holidays.holiday_removal, name="holiday_removal"),
    path("holidays/<uuid:holiday_id>/keeping/", holidays.holiday_keeping, name="holiday_keeping"),
    path(
        "holidays/<uuid:holiday_id>/cancellation/", holidays.holiday_cancellation, name="holiday_cancellation"
    ),
]
