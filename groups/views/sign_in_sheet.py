from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest
from groups.models import Booking, Session
from groups.views.sessions import note_look

ROOM_FOR = 3  # people who come without a place
ON_ONE_PAGE = 16  # rows with room to write; more of them stand closer


@require_safe
@permitted("groups.record_attendance")
def sign_in_sheet(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """A page of paper that lies in the room: it says neither the group nor a whole name."""
    led = Session.objects.visible_to(request.user).read_by(request.user, timezone.now())
    session = get_object_or_404(led.select_related("room"), pk=session_id)
    expected = Booking.objects.visible_to(request.user).filter(apology_at=None)
    rows = expected.filter(session=session).confirmed()
    people = list(rows.select_related("client").order_by("client__chosen_name", "pk"))
    note_look(request, [row.client_id for row in people])
    names = [shortened(row.client.chosen_name) for row in people] + [""] * ROOM_FOR
    context = {"session": session, "names": names, "is_long": len(names) > ON_ONE_PAGE}
    return render(request, "groups/sign_in_sheet.html", context)


def shortened(name: str) -> str:
    """The first name and the initial of the last: "Sam Rivera" is "Sam R."."""
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0].upper()}." if others else first
