"""A client takes a place, swaps it, or gives it up."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.models import Booking, Session
from groups.refusals import Refused
from groups.views.sessions import session_page


@require_POST
@permitted("groups.join_session")
def booking(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Joins, or waits when the page said that all places are taken."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=session_id)
    try:
        session.join(
            by=request.user,
            now=timezone.now(),
            or_wait="or_wait" in request.POST,
            adds_me="adds_me" in request.POST,
            agreed=request.POST.get("agreed", ""),
        )
    except Refused as refusal:
        return session_page(request, session_id, refusal=refusal)
    return booking_page(request, session)


@require_POST
@permitted("groups.join_session")
def booking_swap(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Leaves the other session that the page named, and joins this one (C3)."""
    sessions = Session.objects.visible_to(request.user)
    session, other = get_object_or_404(sessions, pk=session_id), None
    with suppress(ValueError):
        other = sessions.filter(pk=UUID(request.POST.get("instead_of", ""))).first()
    agreed = request.POST.get("agreed", "")
    try:
        if other is not None:
            session.swap(by=request.user, instead_of=other, now=timezone.now(), agreed=agreed)
    except Refused as refusal:
        return session_page(request, session_id, refusal=refusal)
    return booking_page(request, session)


@require_POST
@permitted("groups.join_session")
def cancellation(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Leaves the session or its waitlist. Who is on neither has left already."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=session_id)
    mine = Booking.objects.visible_to(request.user).filter(client=request.user.pk, session=session)
    try:
        for found in mine.active():
            found.cancel(by=request.user, now=timezone.now())
    except Refused as refusal:
        return session_page(request, session_id, refusal=refusal)
    if request.htmx:  # a whole page says it by what it shows
        messages.success(request, _("You left."))
    return booking_page(request, session)


def booking_page(request: PersonRequest, session: Session) -> HttpResponse:
    return session_page(request, session.pk) if request.htmx else see_other(session)
