from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.models import Booking
from groups.other_places import fitting
from groups.refusals import Refused, Taken
from groups.views.sessions import note_look


@permitted("groups.lead_session")
def place_finding(request: PersonRequest, booking_id: UUID) -> HttpResponse:
    """Another place for a client whose own was lost, or the word that it is settled (T8).

    For their care team alone: what fits tells when they are somewhere else.
    """
    now, refusal = timezone.now(), None
    mine = Booking.objects.visible_to(request.user).cared_for_by(request.user).filter(pk=booking_id)
    waiting = mine.needing_a_place(now).select_related("client", "session__group", "session__room")
    booking = waiting.first()
    if booking is None:
        get_object_or_404(mine, needs_place_since=None, place_settled_at__isnull=False)
        return settled_already(request)
    note_look(request, [booking.client_id])
    if request.method == "POST":
        try:
            return settled(request, booking)
        except Refused as error:
            refusal = error
    context = {"booking": booking, "fitting": fitting(booking, now), "refusal": refusal}
    return render(request, "groups/booking_place.html", context, status=422 if refusal else 200)


def settled(request: PersonRequest, booking: Booking) -> HttpResponse:
    """Either they talked about it, or a session was chosen."""
    now, chosen = timezone.now(), request.POST.get("session", "")
    if "settled" in request.POST:
        booking.settle(by=request.user, now=now)
        messages.success(request, _("Noted. Thank you."))
        return see_other("groups:attention")
    session = next((one for one, _promised in fitting(booking, now) if str(one.pk) == chosen), None)
    if session is None:
        raise Taken
    if booking.place_into(session, by=request.user, now=now) is None:
        return settled_already(request)
    messages.success(request, _("They have the place, and they are told."))
    return see_other("groups:attention")


def settled_already(request: PersonRequest) -> HttpResponse:
    messages.info(request, _("This is settled already."))
    return see_other("groups:attention")
