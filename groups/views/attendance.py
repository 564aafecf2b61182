"""The attendance sheet (B7)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import User
from groups.forms import AttendanceForm, MarkForm, WalkInForm
from groups.models import AttendanceChange, Session
from groups.refusals import Refused, TooEarlyOrLate
from groups.sheet_rows import rows_of
from groups.views.sessions import note_look


def led(request: PersonRequest, session_id: UUID) -> Session:
    """A session that this person leads, whose list is open to them."""
    sessions = Session.objects.visible_to(request.user).read_by(request.user, timezone.now())
    return get_object_or_404(sessions.select_related("group", "room"), pk=session_id)


@permitted("groups.record_attendance")
def attendance(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """The sheet, for those who lead this session."""
    session, refusal = led(request, session_id), None
    rows = rows_of(session, request.user)
    form = AttendanceForm(request.POST if request.method == "POST" else None, rows=rows.values())
    changed = changes(request, session)
    note_look(request, [*rows, *(row.client_id for row in changed)])
    if request.method == "POST" and form.is_valid():
        try:
            return keep(request, session, form)
        except TooEarlyOrLate as error:
            refusal = error
    context = {
        "session": session,
        "form": form,
        "refusal": refusal,
        "is_open": session.can_be_recorded(timezone.now()),
        "changes": changed,
    }
    template = "groups/attendance.html" + ("#changes" if request.htmx else "")
    return render(request, template, context, status=422 if refusal or form.errors else 200)


def keep(request: PersonRequest, session: Session, form: AttendanceForm) -> HttpResponse:
    """The whole sheet at once. Who came onto the list after it was drawn is not among "everyone else"."""
    others, cleared = request.POST.get("everyone", "").split(), request.POST.get("clear", "")
    marks = form.marks(others=others, cleared=cleared)
    stands = session.record(marks, by=request.user, now=timezone.now(), was=form.seen())
    if stands:
        names = get_text_list([str(row.person) for row in form.rows if row.person.pk in stands], _("and"))
        words = _("Somebody else marked %(names)s meanwhile. That stands, unless you change it here.")
        messages.warning(request, words % {"names": names})
    else:
        messages.success(request, _("Kept."))
    if stands or others or cleared:
        return see_other("groups:attendance", session.pk)
    return see_other(session)


def changes(request: PersonRequest, session: Session) -> list[AttendanceChange]:
    rows = AttendanceChange.objects.visible_to(request.user).filter(session=session)
    return list(rows.select_related("client", "changed_by").order_by("-changed_at", "-pk"))


@require_POST
@permitted("groups.record_attendance")
def attendance_mark(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """One mark, as it is made. Answers the row; 409 where another mark was made meanwhile, which stands."""
    session, form = led(request, session_id), MarkForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    client, state = form.cleaned_data["client"], form.cleaned_data["state"]
    before, seen, status = rows_of(session, request.user), request.POST.getlist("was"), 200
    refusal: Refused | None = None
    try:
        if session.record({client: state}, by=request.user, now=timezone.now(), was={client: seen}):
            status = 409
    except TooEarlyOrLate as error:
        refusal, status = error, 422
    rows = rows_of(session, request.user)
    row = rows.get(client) or (before[client].blank() if client in before else None)
    if row is None:
        raise Http404
    note_look(request, [client])
    if not request.htmx:
        return see_other("groups:attendance", session.pk)
    context = {"rows": rows.values(), "row": row, "refusal": refusal, "stands": status == 409}
    return render(request, "groups/attendance.html#row", context, status=status)


@permitted("groups.record_attendance")
def walk_in(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """Somebody who lives here came without a place."""
    session, now = led(request, session_id), timezone.now()
    listed = User.objects.listed_for(request.user, session.local_date)
    people = session.not_on_sheet(listed)
    form = WalkInForm(request.POST if request.method == "POST" else None, people=people)
    if request.method == "POST" and form.is_valid():
        person, state = form.cleaned_data["person"], form.cleaned_data["state"]
        note_look(request, [person.pk])  # the answer tells something of them, also a refusal
        try:
            session.walk_in(person, state, by=request.user, now=now)
            messages.success(request, _("%(name)s is on the sheet.") % {"name": person})
            return see_other("groups:attendance", session.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"session": session, "form": form, "is_open": session.can_be_recorded(now)}
    return render(request, "groups/attendance_walk_in.html", context, status=422 if form.errors else 200)
