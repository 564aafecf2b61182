"""Attendance of a group from one day to another, to read and to take along (B6)."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest
from accounts.models import AccessRecord
from groups import register
from groups.forms.recorded import RecordedDays
from groups.models import Group
from groups.models.session_queries import SessionQuerySet
from groups.spreadsheet import download

READERS = ("groups.record_attendance", "groups.count_attendance")


@require_safe
@permitted(*READERS)
def group_attendance(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Numbers for each session; they name nobody, so nobody was looked at."""
    now = timezone.now()
    return page(request, open_group(request, group_id, now), RecordedDays(request.GET.dict()), now)


def page(request: PersonRequest, group: Group, form: RecordedDays, now: datetime) -> HttpResponse:
    lines, missing = [], ""
    if form.is_valid():
        lines, missing = register.lines(asked(request, group, form, now)), left_out(request, group, form, now)
    context = {"group": group, "form": form, "lines": lines, "words": register.WORDS, "missing": missing}
    return render(request, "groups/group_attendance.html", context, status=422 if form.errors else 200)


@require_safe
@permitted(*READERS)  # type: ignore[arg-type]  # it passes a streamed answer on as it is
def attendance_export(request: PersonRequest, group_id: UUID) -> HttpResponseBase:
    """The file: with names for those who lead, each of whom reads of it (A5); numbers for a manager."""
    now = timezone.now()
    group, form = open_group(request, group_id, now), RecordedDays(request.GET.dict())
    if not form.is_valid():
        return page(request, group, form, now)
    sessions, days = asked(request, group, form, now), form.cleaned_data
    if request.user.has_perm("groups.count_attendance"):
        rows = register.of_sessions(sessions)
    else:
        taken, what = register.people(sessions, request.user), AccessRecord.What.DOWNLOAD
        AccessRecord.objects.note(actor=request.user, subjects=taken, what=what)
        rows = register.of_people(sessions, request.user, left_out(request, group, form, now))
    return download(rows, f"attendance-{days['first']}-{days['last']}")


def open_group(request: PersonRequest, group_id: UUID, now: datetime) -> Group:
    group: Group = get_object_or_404(Group.objects.visible_to(request.user), pk=group_id)
    if not register.is_open_to(request.user, group, now):
        raise Http404
    return group


def left_out(request: PersonRequest, group: Group, form: RecordedDays, now: datetime) -> str:
    days, others = form.cleaned_data, register.led_by_others(request.user, group, now)
    return register.left_out(register.between(others, days["first"], days["last"]).count())


def asked(request: PersonRequest, group: Group, form: RecordedDays, now: datetime) -> SessionQuerySet:
    days = form.cleaned_data
    return register.between(register.read_by(request.user, group, now), days["first"], days["last"])
