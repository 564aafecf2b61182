from django.urls import path

from checkins import clinician_views, measure_views, views

app_name = "checkins"
urlpatterns = [
    path("check-in/", views.check_in, name="check_in"),
    path("check-in/acceptance/", views.acceptance, name="acceptance"),
    path("check-in/not-today/", views.not_today, name="not_today"),
    path("check-in/wish/", views.wish, name="wish"),
    path("check-in/history/", views.history, name="history"),
    path("check-in/rules/", views.rules, name="rules"),
    path("check-in/week/", measure_views.measure, name="measure"),
    path("check-in/weeks/", measure_views.weeks, name="measure_weeks"),
    path("check-ins/", clinician_views.today, name="today_list"),
    path("check-ins/<uuid:person_id>/", clinician_views.picture, name="picture"),
    path("check-ins/<uuid:person_id>/weeks/", measure_views.history, name="measure_history"),
    path("me/reminders/", views.reminder_plan, name="reminder_plan"),
]
