from django.http import HttpResponse
from django.urls import path

app_name = "checkins"
urlpatterns = [
    path("check-in/", lambda request: HttpResponse("soon"), name="check_in"),
    path("me/reminders/", lambda request: HttpResponse("soon"), name="reminder_plan"),
]
