from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest
from groups.board import Week, monday_of
from groups.models import Session


@require_safe
@permitted("groups.view_schedule")
def schedule(request: PersonRequest) -> HttpResponse:
    monday = asked_monday(request)
    sessions = Session.objects.visible_to(request.user).week(monday).shown_to(request.user)
    context = {"week": Week(monday, sessions), "is_this_week": monday == this_monday()}
    return render(request, "groups/schedule.html", context)


@require_safe
@permitted("groups.view_own")
def week(request: PersonRequest) -> HttpResponse:
    """A client's own week, day by day: where they are on the list, and nothing else."""
    monday = asked_monday(request)
    mine = Session.objects.visible_to(request.user).booked(request.user).week(monday)
    context = {
        "week": Week(monday, mine.shown_to(request.user), whole=True),
        "is_this_week": monday == this_monday(),
    }
    return render(request, "groups/week.html", context)


def asked_monday(request: PersonRequest) -> date:
    """The Monday of ?week=2026-W48; of this week when there is none, or none such."""
    asked = request.GET.get("week", "")
    monday = monday_of(asked)
    if asked and not monday:
        messages.info(request, _("There is no such week, so here is this one."))
    return monday or this_monday()


def this_monday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())
