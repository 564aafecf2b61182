from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups import attention as waiting
from groups.models.booking import LOOKED_FOR
from groups.views.sessions import note_look


@require_safe
@permitted("groups.schedule_session")
def attention(request: PersonRequest) -> HttpResponse:
    """What in the schedule waits for a decision. Clients by name only for whoever may see them (A5)."""
    found = waiting.compose(request.user, timezone.now())
    note_look(request, [booking.client_id for booking in found.bookings])
    context = {"attention": found, "weeks": waiting.WEEKS_AHEAD, "days": LOOKED_FOR.days}
    return render(request, "groups/schedule_attention.html", context)


@require_POST
@permitted("groups.schedule_session")
def date_leaving_out(request: PersonRequest, series_id: UUID, day: str) -> HttpResponse:
    """A day on which a series found no room or nobody: there is no session then."""
    try:
        found = {"series": series_id, "day": date.fromisoformat(day)}
    except ValueError as error:
        raise Http404 from error
    skipped = get_object_or_404(waiting.days_unplaced(request.user, timezone.now()), **found)
    skipped.leave_out(by=request.user, now=timezone.now())
    messages.success(request, _("The day is left out."))
    return see_other("groups:attention")
