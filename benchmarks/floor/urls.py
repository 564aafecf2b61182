"""The floors a to d, each page as a tutorial would write it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from benchmarks.floor.models import Article, Meeting, Room


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@login_required
def signed_in(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", {"room": Room.objects.get(pk=1)})


@login_required
def rows(request: HttpRequest) -> HttpResponse:
    meetings = Meeting.objects.select_related("room", "leader").order_by("starts_at")[:50]
    return render(request, "rows.html", {"meetings": meetings})


def article(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "article.html", {"article": get_object_or_404(Article, slug=slug)})


urlpatterns = [
    path("a/", constant),
    path("b/", signed_in),
    path("c/", rows),
    path("d/<slug:slug>/", article),
]
