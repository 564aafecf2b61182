from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.forms.days import SuspensionForm
from groups.models import Series, Session, Suspension
from groups.refusals import Refused

DATES_SHOWN = 8
SIX_DAYS = timedelta(days=6)


@permitted("groups.schedule_session")
def suspend(request: PersonRequest, series_id: UUID) -> HttpResponse:
    """Which sessions and how many people it touches, for the days of the query; POST lets them rest (T9)."""
    series = in_hands(request, series_id)
    form = SuspensionForm(request.POST if request.method == "POST" else asked_days(request, series))
    if request.method == "POST" and form.is_valid():
        try:
            series.suspend(**form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It rests on these days. Everyone on its sessions is told."))
            return see_other(series)
    context = {"series": series, "form": form, **touched(request, series, form)}
    template = "groups/series_suspension.html" + ("#touched" if request.htmx else "")
    wrong = request.method == "POST"
    return render(request, template, context, status=422 if wrong else 200)


def in_hands(request: PersonRequest, series_id: UUID) -> Series:
    series = get_object_or_404(Series.objects.select_related("group", "room"), pk=series_id)
    if not series.is_in_hands_of(request.user):
        raise Http404
    return series


def asked_days(request: PersonRequest, series: Series) -> Any:
    """The days of the query; without any, a week from the next session on."""
    if "first" in request.GET or "last" in request.GET:
        return request.GET
    ahead = Session.objects.visible_to(request.user).filter(series=series).upcoming(timezone.now())
    following = ahead.in_order().values_list("local_date", flat=True).first()
    first = following or timezone.localdate()
    return {"first": first, "last": first + SIX_DAYS}


def touched(request: PersonRequest, series: Series, form: SuspensionForm) -> dict[str, Any]:
    if not form.is_valid():
        return {}
    days = form.cleaned_data
    sessions = series.sessions_between(days["first"], days["last"], timezone.now())
    dates = list(sessions.in_order().values_list("starts_at", flat=True))
    return {
        "asked": True,
        "days": days,
        "number": len(dates),
        "dates": dates[:DATES_SHOWN],
        "more": max(0, len(dates) - DATES_SHOWN),
        "people": sessions.number_of_people(),
    }


@require_POST
@permitted("groups.schedule_session")
def suspension_lifting(request: PersonRequest, suspension_id: UUID) -> HttpResponse:
    suspension = get_object_or_404(Suspension.objects.select_related("series"), pk=suspension_id)
    if not suspension.series.is_in_hands_of(request.user):
        raise Http404
    suspension.lift(by=request.user, now=timezone.now())
    messages.success(request, _("It meets again. Everyone on its sessions is told."))
    return see_other(suspension.series)
