"""The attendance sheet."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.forms import AttendanceForm
from groups.models import Booking, Session
from groups.refusals import TooEarlyOrLate
from groups.views.sessions import note_look


@permitted("groups.record_attendance")
def attendance(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """The sheet, for those who lead this session."""
    now = timezone.now()
    led = Session.objects.visible_to(request.user).read_by(request.user, now)
    session = get_object_or_404(led.select_related("group", "room"), pk=session_id)
    form = sheet(request, session)
    refusal = None
    note_look(request, [person.pk for person in form.roster])
    if request.method == "POST" and form.is_valid():
        try:
            # Who came onto the list after the sheet was drawn is not among "everyone else".
            others = request.POST.get("everyone", "").split()
            session.record(form.marks(others=others), by=request.user, now=now)
            messages.success(request, _("Kept."))
            return see_other("groups:attendance", session.pk)
        except TooEarlyOrLate as error:
            refusal = error
    context = {"session": session, "form": form, "refusal": refusal, "is_open": session.can_be_recorded(now)}
    wrong = refusal or form.errors
    return render(request, "groups/attendance.html", context, status=422 if wrong else 200)


def sheet(request: PersonRequest, session: Session) -> AttendanceForm:
    bookings = Booking.objects.visible_to(request.user).filter(session=session).confirmed()
    rows = list(bookings.with_marks().select_related("client").order_by("client__chosen_name", "pk"))
    return AttendanceForm(
        request.POST if request.method == "POST" else None,
        roster=[row.client for row in rows],
        known={row.client_id: row.mark for row in rows if row.mark},
    )
