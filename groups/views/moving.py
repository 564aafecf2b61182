from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import AccessRecord
from groups.clashes import Clash, Clashes
from groups.forms.clashes import ClashForm, answer_in
from groups.forms.moving import ASKED, MoveForm
from groups.models import Edit, Session
from groups.move_preview import MovePreview
from groups.refusals import MovedMeanwhile, Refused

ONE_LOOK = timedelta(minutes=10)  # a form that is typed into asks again and again


@permitted("groups.schedule_session")
def session_move(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Another day, time, room or other people for one session (T7)."""
    if given := given_away(request):
        return see_other(given)
    session = session_to_move(request, session_id)
    form = move_form(request, session)
    if request.method == "POST" and form.is_valid():
        try:
            move(request, session, form)
            messages.success(request, _("The session is moved. Everyone on it is told."))
            return see_other(session)
        except Clashes as error:
            return move_page(request, session, form, found=error.found)
        except MovedMeanwhile as refusal:
            form.add_error(None, str(refusal))
            form.renew(request.POST)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return move_page(request, session, form)


def given_away(request: PersonRequest) -> Session | None:
    """The session that this person, whose move comes a second time, gave into other hands by the first."""
    edit = Edit.objects.sent_before(request.POST.get("client_token", ""), request.user)
    session = edit.session if edit else None
    return session if session and not session.is_in_hands_of(request.user) else None


def move(request: PersonRequest, session: Session, form: MoveForm) -> None:
    costs = request.POST.get("costs", "")
    session.move(
        form.move(),
        by=request.user,
        now=timezone.now(),
        token=form.cleaned_data["client_token"],
        seen=form.cleaned_data["seen"],
        costs=int(costs) if costs.isdecimal() and len(costs) < 6 else 0,
        answer=answer_in(request.POST),
    )


@require_POST
@permitted("groups.schedule_session")
def session_move_preview(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """What the move that is being typed would do; nothing is saved."""
    session = session_to_move(request, session_id)
    form = move_form(request, session)
    context = shown(request, session, form)
    template = "groups/session_move.html" + ("#outlook" if request.htmx else "")
    return render(request, template, context)


def move_page(
    request: PersonRequest, session: Session, form: MoveForm, found: list[Clash] | None = None
) -> HttpResponse:
    asked = ClashForm(found, by=request.user, data=request.POST, may_skip=False) if found else None
    context = shown(request, session, form) | {"clash_form": asked}
    wrong = request.method == "POST"
    return render(request, "groups/session_move.html", context, status=422 if wrong else 200)


def shown(request: PersonRequest, session: Session, form: MoveForm) -> dict[str, Any]:
    """The session as it is, the form, and what would become of it."""
    now = timezone.now()
    preview = None
    if form.is_complete:
        preview = MovePreview(session, form.move(), reader=request.user, now=now)
        AccessRecord.objects.note(
            actor=request.user,
            subjects=[client.pk for client in preview.losing],
            what=AccessRecord.What.ATTENDANCE,
            now=now,
            once_in=ONE_LOOK,
        )
    return {
        "session": session,
        "form": form,
        "preview": preview,
        "refusal": session.why_it_stays(now),
        "is_asked": not form.is_bound and not request.GET.keys().isdisjoint(ASKED),
    }


def move_form(request: PersonRequest, session: Session) -> MoveForm:
    return MoveForm(
        request.POST if request.method == "POST" else None, session=session, asked=request.GET.dict()
    )


def session_to_move(request: PersonRequest, session_id: UUID) -> Session:
    rows = Session.objects.visible_to(request.user).with_faces().select_related("series")
    session = get_object_or_404(rows, pk=session_id)
    if not session.is_in_hands_of(request.user):
        raise Http404
    return session
