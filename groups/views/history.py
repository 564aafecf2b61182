"""Who changed a plan: for staff who have the schedule."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest
from groups import history
from groups.models import Group, Room, Series, Session


@require_safe
@permitted("groups.view_schedule")
def group_history(request: PersonRequest, group_id: UUID) -> HttpResponse:
    group = get_object_or_404(Group.objects.visible_to(request.user), pk=group_id)
    return history_page(request, group, str(group), group.get_absolute_url())


@require_safe
@permitted("groups.view_schedule")
def room_history(request: PersonRequest, room_id: UUID) -> HttpResponse:
    room = get_object_or_404(Room, pk=room_id)
    back = room.get_absolute_url() if request.user.has_perm("groups.manage_rooms") else ""
    return history_page(request, room, str(room), back)


@require_safe
@permitted("groups.view_schedule")
def series_history(request: PersonRequest, series_id: UUID) -> HttpResponse:
    series = get_object_or_404(Series.objects.select_related("group"), pk=series_id)
    return history_page(request, series, str(series.group), series.get_absolute_url())


@require_safe
@permitted("groups.view_schedule")
def session_history(request: PersonRequest, session_id: UUID) -> HttpResponse:
    sessions = Session.objects.visible_to(request.user).select_related("group")
    session = get_object_or_404(sessions, pk=session_id)
    day = date_format(timezone.localtime(session.starts_at), "l, j F, g:i a")
    return history_page(request, session, f"{session.group}, {day}", session.get_absolute_url())


def history_page(
    request: PersonRequest, row: Group | Room | Series | Session, name: str, back: str
) -> HttpResponse:
    asked = request.GET.get("after", "")
    page = history.read(row, after=int(asked) if asked.isdecimal() and len(asked) < 10 else None)
    context = {
        "acts": page.acts,
        "is_session": isinstance(row, Session),
        "name": name,
        "back": back,
        "more": page.after and f"?after={page.after}",
    }
    return render(request, "groups/history.html", context)
