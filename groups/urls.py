from django.urls import path

from groups.views import (
    attention,
    feed,
    finding_place,
    groups,
    house_boards,
    leaves,
    planning,
    schedule,
    sessions,
    standing_in,
)

app_name = "groups"
urlpatterns = [
    path("groups/", groups.group_list, name="group_list"),
    path("groups/manage/", groups.group_manage, name="group_manage"),
    path("groups/new/", groups.group_create, name="group_create"),
    path("groups/<uuid:group_id>/", groups.group_detail, name="group_detail"),
    path("groups/<uuid:group_id>/edit/", groups.group_edit, name="group_edit"),
    path("rooms/", groups.room_list, name="room_list"),
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/new/", planning.series_create, name="series_create"),
    path("schedule/new/dates/", planning.series_dates, name="series_dates"),
    path("schedule/month/", schedule.month, name="month"),
    path("schedule/week/", schedule.week, name="week"),
    path("sessions/<uuid:session_id>/", sessions.session_detail, name="session_detail"),
    path("sessions/<uuid:session_id>/booking/", sessions.booking, name="booking"),
    path("sessions/<uuid:session_id>/booking/cancellation/", sessions.cancellation, name="cancellation"),
    path(
        "sessions/<uuid:session_id>/cancellation/", sessions.session_cancellation, name="session_cancellation"
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
]
