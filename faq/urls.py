from django.http import HttpResponse
from django.urls import path

app_name = "faq"
urlpatterns = [
    path("articles/", lambda request: HttpResponse("soon"), name="article_list"),
    path("questions/", lambda request: HttpResponse("soon"), name="question_list"),
    path("library/", lambda request: HttpResponse("soon"), name="library"),
]
