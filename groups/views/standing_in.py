from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.forms.standing_in import SubstituteForm
from groups.models import Leave, Session
from groups.refusals import Refused
from groups.stand_ins import candidates


@permitted("groups.schedule_session")
def substitute(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Who leads this session in place of somebody, or at all."""
    session, now = session_to_pass_on(request, session_id), timezone.now()
    found = candidates(session, now)
    away = set(Leave.objects.visible_to(request.user).on(session.local_date).values_list("person", flat=True))
    given = request.POST if request.method == "POST" else None
    form = SubstituteForm(given, session=session, candidates=found, by=request.user, away=away)
    if request.method == "POST" and form.is_valid():
        try:
            session.substitute(**form.chosen(), by=request.user, now=now)
            return done(request, session, _("It is settled. Everyone on the session is told who leads it."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "session": session,
        "form": form,
        "away": away,
        "not_free": [one for one in found if str(one.person.pk) not in form.offered],
        "can_lead": session.can_be_taken_over_by(request.user),
    }
    return render(request, "groups/session_substitute.html", context, status=422 if form.errors else 200)


@require_POST
@permitted("groups.schedule_session")
def substitute_ending(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Whoever was stood in for leads it again."""
    session = session_to_pass_on(request, session_id)
    named = {str(row.person_id): row.person for row in session.facilitators.all() if row.is_substitute}
    of = named.get(request.POST.get("of", ""))
    if of is None:  # a page from before: somebody else's place is not what was meant
        messages.error(request, _("This person does not stand in any more. Nothing was changed."))
        return see_other(session)
    try:
        session.end_substitution(by=request.user, now=timezone.now(), of=of)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return see_other("groups:substitute", session.pk)
    return done(request, session, _("It is as it was. Everyone on the session is told who leads it."))


def session_to_pass_on(request: PersonRequest, session_id: UUID) -> Session:
    session = get_object_or_404(Session.objects.visible_to(request.user).with_faces(), pk=session_id)
    if not session.can_be_passed_on_by(request.user, timezone.now()):
        raise Http404
    return session


def done(request: PersonRequest, session: Session, words: str) -> HttpResponse:
    messages.success(request, words)
    return see_other(session)
