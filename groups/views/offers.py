"""A client answers an offer, and says beforehand whether they want to be asked (B4)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest
from groups.models import Booking, Session
from groups.models.booking import BookingQuerySet
from groups.refusals import OfferEnded, Refused
from groups.views.places import booking_page
from groups.views.sessions import session_page


@require_POST
@permitted("groups.join_session")
def offer_acceptance(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Takes the place that is kept. Who has it already is shown that they have it."""
    session = session_of(request, session_id)
    found = mine(request, session).first()
    try:
        if found is None:
            raise OfferEnded  # it went to somebody else while this page stood open
        found.accept(by=request.user, now=timezone.now(), agreed=request.POST.get("agreed", ""))
    except Refused as refusal:
        return session_page(request, session_id, refusal=refusal)
    return booking_page(request, session)


@require_POST
@permitted("groups.join_session")
def offer_refusal(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Says no, and the next in line gets it. An offer that is over needs no answer."""
    session = session_of(request, session_id)
    for found in mine(request, session):
        found.decline(by=request.user, now=timezone.now())
    if request.htmx:
        messages.success(request, _("You said no."))
    return booking_page(request, session)


@require_POST
@permitted("groups.join_session")
def booking_automatic(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Within a day of the start: in at once, or asked first."""
    session = session_of(request, session_id)
    for found in mine(request, session):
        found.set_adds_me("adds_me" in request.POST, by=request.user, now=timezone.now())
    return booking_page(request, session)


def session_of(request: PersonRequest, session_id: UUID) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.user), pk=session_id)


def mine(request: PersonRequest, session: Session) -> BookingQuerySet:
    return Booking.objects.visible_to(request.user).filter(client=request.user.pk, session=session).active()
