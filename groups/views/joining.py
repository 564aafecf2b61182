"""A client joins several dates of a series at once."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups import joining
from groups.forms.joining import SeriesJoiningForm
from groups.joining import AT_MOST, LINE, Date
from groups.models import Admission, Series, Session


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("groups.join_session")
def series_joining(request: PersonRequest, series_id: UUID) -> HttpResponse:
    """Of open groups alone: in the others people have their places without asking (B6)."""
    rows = Series.objects.select_related("group__prerequisite").filter(group__admission=Admission.OPEN)
    series, now = get_object_or_404(rows, pk=series_id), timezone.now()
    sessions = Session.objects.visible_to(request.user).filter(series=series)
    dates, too_early = joining.outlook(sessions, request.user, now), series.group.too_early_for(request.user)
    sent = request.POST if request.method == "POST" else None
    form = SeriesJoiningForm(sent, dates=dates, client=request.user, group=series.group)
    if form.is_valid() and too_early is None:
        refused = joining.join(dates, by=request.user, now=now, **form.wish())
        dates = joining.outlook(sessions, request.user, now)
        if not refused:
            messages.success(request, joining.told(dates, form.wish()["wanted"]))
            return see_other("groups:series_joining", series.pk)
        form.answer(dates, refused)
    context = {"series": series, "dates": dates, "form": form, "too_early": too_early, **offered(dates)}
    return render(request, "groups/series_joining.html", context, status=200 if sent is None else 422)


def offered(dates: Sequence[Date]) -> dict[str, object]:
    ways = {date.way for date in dates}
    return {"can_join": ways != {""}, "can_wait": LINE in ways, "is_cut": len(dates) == AT_MOST}
