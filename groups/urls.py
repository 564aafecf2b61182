from django.http import HttpResponse
from django.urls import path

app_name = "groups"
urlpatterns = [
    path("groups/", lambda request: HttpResponse("soon"), name="group_list"),
    path("groups/manage/", lambda request: HttpResponse("soon"), name="group_manage"),
    path("schedule/", lambda request: HttpResponse("soon"), name="schedule"),
    path("schedule/week/", lambda request: HttpResponse("soon"), name="week"),
]
