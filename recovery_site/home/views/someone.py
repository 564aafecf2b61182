"""I need someone now: the help lines first, then one button, then who has answered (K7, H1)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from checkins import outreach, story
from checkins.models import CheckIn
from notifications.models import Heartbeat
from recovery_site.home.models import HelpLine


@permitted("checkins.check_in")
@require_http_methods(["GET", "HEAD", "POST"])
def someone(request: PersonRequest) -> HttpResponse:
    """A page that asks by itself sends `X-Background`, so that a tablet left alone still signs out (A4)."""
    now = timezone.now()
    if request.method == "POST":
        CheckIn.objects.ask(by=request.user, now=now)
        return see_other("home:someone")
    told = story.of(request.user, now)
    if request.htmx:
        return render(request, "home/someone.html#story", {"story": told})
    context: dict[str, Any] = {"lines": HelpLine.objects.active(), "story": told}
    if told is None or told.task.closed_at:
        context["silent"] = Heartbeat.silent(now)
        context["who_comes"] = outreach.who_comes(list(outreach.readers(request.user)))
    return render(request, "home/someone.html", context)
