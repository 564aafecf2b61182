from django.http import HttpResponse
from django.urls import path

app_name = "home"
urlpatterns = [
    path("", lambda request: HttpResponse("soon"), name="front"),
    path("today/", lambda request: HttpResponse("soon"), name="today"),
    path("help/", lambda request: HttpResponse("soon"), name="help"),
    path("leave/", lambda request: HttpResponse("soon"), name="leave"),
    path("about/", lambda request: HttpResponse("soon"), name="about"),
    path("privacy/", lambda request: HttpResponse("soon"), name="privacy"),
    path("families/", lambda request: HttpResponse("soon"), name="families"),
    path("people/", lambda request: HttpResponse("soon"), name="people"),
]
