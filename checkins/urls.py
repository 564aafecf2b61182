from django.urls import path

from checkins import views

app_name = "checkins"
urlpatterns = [
    path("check-in/", views.check_in, name="check_in"),
    path("check-in/acceptance/", views.acceptance, name="acceptance"),
    path("check-in/not-today/", views.not_today, name="not_today"),
    path("check-in/wish/", views.wish, name="wish"),
    path("check-in/history/", views.history, name="history"),
    path("check-in/rules/", views.rules, name="rules"),
    path("me/reminders/", views.reminder_plan, name="reminder_plan"),
]
