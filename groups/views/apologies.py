"""A client says ahead that they cannot come, and takes it back (B6)."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest
from groups.models import Booking, Session
from groups.refusals import NobodyWaitsForYou, Refused
from groups.views.places import booking_page
from groups.views.sessions import session_page


@require_POST
@permitted("groups.join_session")
def apology(request: PersonRequest, session_id: UUID) -> HttpResponse:
    return say(request, session_id, Booking.send_apology)


@require_POST
@permitted("groups.join_session")
def apology_withdrawal(request: PersonRequest, session_id: UUID) -> HttpResponse:
    return say(request, session_id, Booking.take_apology_back)


def say(request: PersonRequest, session_id: UUID, verb: Callable[..., None]) -> HttpResponse:
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=session_id)
    mine = Booking.objects.visible_to(request.user).filter(client=request.user.pk, session=session)
    try:
        booking = mine.active().first()
        if booking is None:
            raise NobodyWaitsForYou
        verb(booking, by=request.user, now=timezone.now())
    except Refused as refusal:
        return session_page(request, session_id, refusal=refusal)
    return booking_page(request, session)
