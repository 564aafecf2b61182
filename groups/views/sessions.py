from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import AccessRecord, Bringing
from groups import roster, staff_notes, waiting_words
from groups.attention import places_lost
from groups.edits.plan import next_day
from groups.models import Booking, Company, Session, places
from groups.models.apologies import may_be_sent
from groups.models.booking import ACTIVE
from groups.refusals import Full, Overlaps, Refused
from groups.views.company import with_others


@require_safe
@permitted("groups.view_own", "groups.view_schedule")
def session_detail(request: PersonRequest, session_id: UUID) -> HttpResponse:
    return session_page(request, session_id)


def session_page(request: PersonRequest, session_id: UUID, refusal: Refused | None = None) -> HttpResponse:
    """The session for whoever may see it, with what this person can do here."""
    own = Bringing.objects.visible_to(request.user).filter(session_id=OuterRef("pk"))
    sessions = Session.objects.visible_to(request.user).with_faces().annotate(is_brought_to=Exists(own))
    session = get_object_or_404(sessions, pk=session_id)
    places.count([session], request.user)
    context = {"session": session, "free": session.free, "refusal": refusal}
    context["offer_to_wait"] = isinstance(refusal, Full)
    context |= for_client(request, session) if request.user.is_client else for_staff(request, session)
    if cast("Any", session).is_brought_to:
        context["brought"] = brought(request, session)
    if isinstance(refusal, Overlaps):
        context |= way_on(request, refusal)
    if request.htmx and session.my_state and not refusal:
        messages.success(request, session.standing_said)
    template = "groups/session_detail.html" + ("#booking" if request.htmx else "")
    return render(request, template, context, status=422 if refusal else 200)


def for_client(request: PersonRequest, session: Session) -> dict[str, Any]:
    now = timezone.now()
    own = Company.objects.visible_to(request.user).first()
    others, waiting = with_others(request, session, own, now), waiting_words.shown(session, request.user, now)
    return {
        **others,
        **waiting,
        "has_begun": session.has_begun(now),
        "can_join": session.is_joinable(now, request.user),
        "can_leave": session.is_leavable(now),
        "can_say_so": may_be_sent(session, session.my_state, now),
        "too_early": session.group.too_early_for(request.user),
        "needs_agreement": not session.group.is_agreed_by(request.user),
        "who": session.who_sees(request.user, own),
        "alternatives": alternatives(request, session),
        "lost_place": lost_place(request, session, now),
    }


def brought(request: PersonRequest, session: Session) -> list[Bringing]:
    """The pages of their journal that they wanted to bring: their own reminder, until it is over."""
    if session.my_state != Booking.State.CONFIRMED or session.ends_at <= timezone.now():
        return []
    return list(Bringing.objects.visible_to(request.user).filter(session_id=session.pk).order_by("made_at"))


def lost_place(request: PersonRequest, session: Session, now: datetime) -> bool:
    """Whether another place is looked for; not beside one that they have here (T8)."""
    mine = Booking.objects.visible_to(request.user).filter(client=request.user.pk, session=session)
    return session.my_state not in ACTIVE and mine.needing_a_place(now).exists()


def way_on(request: PersonRequest, refusal: Overlaps) -> dict[str, Any]:
    """For whoever is elsewhere then: the other session, and a way to leave it for this one (C3)."""
    can_swap = refusal.is_one and refusal.other.is_leavable(timezone.now())
    agreed = request.POST.get("agreed", "")
    return {"other": refusal.other, "can_swap": can_swap, "agreed": agreed}


def alternatives(request: PersonRequest, session: Session) -> list[Session]:
    """For whoever was on a session that was called off (B9)."""
    if not session.cancelled_at or session.my_state != Booking.State.SESSION_CANCELLED:
        return []
    return list(Session.objects.instead_of(session, request.user, timezone.now()))


def for_staff(request: PersonRequest, session: Session) -> dict[str, Any]:
    """Names only of those whom this person may see; a manager gets the counts."""
    now = timezone.now()
    listed, leads = roster.read(session, request.user), session.is_read_by(request.user, now)
    note_look(request, [line.booking.client_id for line in listed.everyone])
    return {
        "roster": listed,
        **staff_notes.kept(session, request.user, now),
        "has_begun": session.has_begun(now),
        "told": staff_notes.told(session),
        "away": staff_notes.away(session, request.user),
        "own_change": staff_notes.own_change(session, request.user, now),
        "leads": leads,
        "can_place": leads and not (session.cancelled_at or session.rests or session.has_begun(now)),
        "list_opens_at": session.list_opens_at(request.user, now),
        "can_pass_on": session.can_be_passed_on_by(request.user, now),
        "can_move": session.can_be_moved_by(request.user, now),
        "can_change_series": series_is_changeable(request, session, now),
        "can_lead": session.can_be_taken_over_by(request.user),
        "can_cancel": session.can_be_cancelled_by(request.user, now),
        "can_reinstate": session.can_be_reinstated_by(request.user, now),
        "can_record": session.can_be_recorded(now),
        "places_lost": places_lost(session, now) if session.is_in_hands_of(request.user) else 0,
    }


def series_is_changeable(request: PersonRequest, session: Session, now: datetime) -> bool:
    series = session.series if not session.has_begun(now) else None
    return series is not None and next_day(series, now) is not None and series.editable_by(request.user)


@require_POST
@permitted("groups.lead_session")
def leadership(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """A clinician takes on a session that nobody leads."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=session_id)
    try:
        session.take_over(by=request.user, now=timezone.now())
    except Refused as refusal:
        return session_page(request, session_id, refusal=refusal)
    messages.success(request, _("You lead this session now."))
    return see_other(session)


def note_look(request: PersonRequest, clients: list[UUID]) -> None:
    what = AccessRecord.What.ATTENDANCE
    AccessRecord.objects.note(actor=request.user, subjects=clients, what=what)
