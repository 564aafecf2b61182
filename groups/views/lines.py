"""Who comes first in a waitlist, and who gets a place from it by hand (B2, B4)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.vault import Unreadable
from groups.forms.line import PriorityForm
from groups.models import Booking, Session
from groups.models.booking import ACTIVE
from groups.refusals import Refused
from groups.views.sessions import note_look, session_page


@permitted("groups.lead_session")
@sensitive_post_parameters("reason")
@require_http_methods(["GET", "HEAD", "POST"])
def booking_priority(request: PersonRequest, booking_id: UUID) -> HttpResponse:
    """Lets this client come first, for their care team and for those who lead the session."""
    booking = booking_seen(request, booking_id)
    if booking.state != Booking.State.WAITLISTED:
        return waits_no_more(request, booking)
    form = PriorityForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and given(request, booking, form):
        messages.success(request, _("They come first now."))
        return see_other(booking.session)
    context: dict[str, Any] = {"booking": booking, "form": form, "reason": booking.priority_reason()}
    return render(request, "groups/booking_priority.html", context, status=422 if form.is_bound else 200)


def given(request: PersonRequest, booking: Booking, form: PriorityForm) -> bool:
    """Not where the reason cannot be kept: nobody comes first without one."""
    try:
        booking.give_priority(form.cleaned_data["reason"], by=request.user, now=timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except Unreadable:
        form.add_error(None, _("The reason cannot be kept just now, so nothing was changed."))
    return not form.errors


@permitted("groups.lead_session")
@require_POST
def priority_lifting(request: PersonRequest, booking_id: UUID) -> HttpResponse:
    """They wait in the order in which they joined."""
    booking = booking_seen(request, booking_id)
    try:
        booking.take_priority_back(by=request.user, now=timezone.now())
    except Refused:
        return waits_no_more(request, booking)
    messages.success(request, _("They wait in the order of joining again."))
    return see_other(booking.session)


@permitted("groups.lead_session")
@require_POST
def booking_placing(request: PersonRequest, booking_id: UUID) -> HttpResponse:
    """The place, given by hand by somebody who leads the session. Not once it has begun (B3)."""
    booking, now = booking_seen(request, booking_id), timezone.now()
    led = Session.objects.visible_to(request.user).read_by(request.user, now)
    session = get_object_or_404(led, pk=booking.session_id)
    try:
        session.give_place(booking, by=request.user, now=now)
    except Refused as refusal:
        return session_page(request, session.pk, refusal=refusal)
    messages.success(request, _("They have the place, and they are told."))
    return see_other(session)


def booking_seen(request: PersonRequest, booking_id: UUID) -> Booking:
    """Also one that ended as the session began: a page that was open since then is told so in words."""
    listed = Q(state__in=ACTIVE) | Q(state=Booking.State.EXPIRED)
    rows = Booking.objects.visible_to(request.user).filter(listed)
    rows = rows.select_related("client", "priority_by", "session__group", "session__room")
    booking = get_object_or_404(rows, pk=booking_id)
    note_look(request, [booking.client_id])
    return booking


def waits_no_more(request: PersonRequest, booking: Booking) -> HttpResponse:
    messages.info(request, _("They do not wait for a place here any more."))
    return see_other(booking.session)
