"""A session that is called off, and one that takes place after all (B9)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import AccessRecord
from groups.clashes import Clashes, in_few_lines
from groups.models import Booking, Session, places
from groups.refusals import Refused


@permitted("groups.schedule_session")
def session_cancellation(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """What will happen; POST does it."""
    session = in_hands(request, session_id)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            session.cancel(by=request.user, now=timezone.now())
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("The session is cancelled. Everyone on it is told."))
            return see_other(session)
    elif session.cancelled_at:
        return see_other(session)
    places.total([session])
    told = Booking.objects.visible_to(request.user).filter(session=session).active()
    number = session.taken + session.waiting
    context = {"session": session, "refusal": refusal, "number": number, **names(request, told)}
    return page(request, "groups/session_cancellation.html", context)


@permitted("groups.schedule_session")
def reinstatement(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Who comes back; POST puts a cancelled session back, unless it has begun or something is taken."""
    session = in_hands(request, session_id)
    context: dict[str, Any] = {"session": session}
    if request.method == "POST":
        try:
            session.reinstate(by=request.user, now=timezone.now())
        except Refused as error:
            context["refusal"] = error
        except Clashes as error:
            context["clashes"] = in_few_lines(error.found)
        else:
            messages.success(request, back_again(session))
            return see_other(session)
    elif not session.can_be_reinstated_by(request.user, timezone.now()):
        return see_other(session)
    back = [row.pk for row in session.who_returns()]
    mine = Booking.objects.visible_to(request.user).filter(pk__in=back)
    context |= {"number": len(back), **names(request, mine)}
    return page(request, "groups/session_reinstatement.html", context)


def back_again(session: Session) -> str:
    if session.rests:  # its series rests on that day since (T9)
        return _("It is put back. %(rests)s Everyone who is on it again is told.") % {
            "rests": session.rest_words
        }
    return _("It takes place after all. Everyone who is on it again is told.")


def page(request: PersonRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def in_hands(request: PersonRequest, session_id: UUID) -> Session:
    session = get_object_or_404(Session.objects.visible_to(request.user).with_faces(), pk=session_id)
    if not session.is_in_hands_of(request.user):
        raise Http404
    return session


def names(request: PersonRequest, bookings: Any) -> dict[str, Any]:
    """Of those whom this person may see by name; they read that somebody looked (A5)."""
    rows = list(bookings.select_related("client").order_by("client__chosen_name", "pk"))
    what = AccessRecord.What.ATTENDANCE
    AccessRecord.objects.note(actor=request.user, subjects=[row.client_id for row in rows], what=what)
    return {"bookings": rows}
