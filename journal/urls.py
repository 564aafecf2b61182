from django.http import HttpResponse
from django.urls import path

app_name = "journal"
urlpatterns = [
    path("journal/", lambda request: HttpResponse("soon"), name="entry_list"),
]
