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
    """Another place for a client whose own was lost, or the word that it is settled (T8)."""
    mine = Booking.objects.visible_to(request.user).select_related(
        "client", "session__group", "session__room"
    )
    booking, now = get_object_or_404(mine, pk=booking_id), timezone.now()
    note_look(request, [booking.client_id])
    if booking.needs_place_since is None:
        messages.info(request, _("This is settled already."))
        return see_other("groups:attention")
    refusal = None
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
    booking.place_into(session, by=request.user, now=now)
    messages.success(request, _("They have the place, and they are told."))
    return see_other("groups:attention")
