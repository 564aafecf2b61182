from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups import register, rule_words
from groups.crowding import crowded
from groups.forms import GroupForm
from groups.forms.finding import FindingForm
from groups.forms.saving import taken_meanwhile
from groups.member_list import own_part
from groups.models import Group, Series, Session
from groups.models.prerequisite import SESSIONS_BEFORE, not_too_early_for
from groups.refusals import ComesInACircle, Refused

WEEKS_SHOWN = 2
SESSIONS_SHOWN = 12
SESSIONS_READ = 300  # at most; two weeks of a house are fewer


@require_safe
@permitted("groups.view_own")
def group_list(request: PersonRequest) -> HttpResponse:
    now, finding = timezone.now(), FindingForm(request.GET)
    wish = finding.wish()
    ahead = Session.objects.visible_to(request.user).upcoming(now).soon(now, weeks=WEEKS_SHOWN)
    booked = ahead.booked(request.user)
    fitting = ahead.fitting(request.user, now).filter(not_too_early_for(request.user), **wish)
    # Both at once: a list of sessions is two queries, and takes longer to compose than to read.
    either = booked.order_by().values("pk").union(fitting.order_by().values("pk"))
    shown = Session.objects.filter(pk__in=either)
    found = shown.next(SESSIONS_READ).shown_to(request.user)
    context = {
        "finding": finding,
        "looks_for": bool(wish),
        "groups": Group.objects.visible_to(request.user).running(),
        "booked": by_group(row for row in found if row.my_state),
        "fitting": by_group(row for row in found if not row.my_state and row.left > 0),
    }
    return render(request, "groups/group_list.html", context)


def by_group(sessions: Iterable[Session]) -> list[Session]:
    """The first session of each group, which knows how many `more` there are."""
    found: dict[UUID, Session] = {}
    for session in sessions:
        first = found.setdefault(session.group_id, session)
        first.more += session is not first
    return list(found.values())


@require_safe
@permitted("groups.view_own", "groups.view_schedule")
def group_detail(request: PersonRequest, group_id: UUID) -> HttpResponse:
    return group_page(request, group_id)


def group_page(request: PersonRequest, group_id: UUID, refusal: Refused | None = None) -> HttpResponse:
    group = get_object_or_404(Group.objects.visible_to(request.user), pk=group_id)
    ahead = Session.objects.visible_to(request.user).filter(group=group).upcoming(timezone.now())
    sessions = ahead.next(SESSIONS_SHOWN).shown_to(request.user)
    rules = Series.objects.filter(pk__in={row.series_id for row in sessions}).order_by("start_time", "pk")
    context = {
        "group": group,
        "sessions": sessions,
        "rules": [(series, rule_words.words(series)) for series in rules],
        "comes_after": group.comes_after(request.user),
        "too_early": group.too_early_for(request.user) if request.user.is_client else None,
        "crowded": [] if request.user.is_client else crowded(ahead),
        "times_before": SESSIONS_BEFORE,
        "refusal": refusal,
        "reads_attendance": register.is_open_to(request.user, group, timezone.now()),
        **own_part(group, request.user, timezone.now()),
    }
    return render(request, "groups/group_detail.html", context, status=422 if refusal else 200)


@require_safe
@permitted("groups.view_schedule")
def group_manage(request: PersonRequest) -> HttpResponse:
    groups = list(Group.objects.visible_to(request.user).with_next_session(timezone.now()))
    context = {
        "groups": [group for group in groups if not group.ended_at],
        "ended": [group for group in groups if group.ended_at],
    }
    return render(request, "groups/group_manage.html", context)


@permitted("groups.schedule_session")
def group_create(request: PersonRequest) -> HttpResponse:
    return group_form(request, Group())


@permitted("groups.schedule_session")
def group_edit(request: PersonRequest, group_id: UUID) -> HttpResponse:
    return group_form(request, get_object_or_404(Group.objects.visible_to(request.user), pk=group_id))


def group_form(request: PersonRequest, group: Group) -> HttpResponse:
    form = GroupForm(request.POST if request.method == "POST" else None, instance=group)
    if request.method == "POST" and form.is_valid():
        try:
            with taken_meanwhile(form):
                group.keep(by=request.user, now=timezone.now())
                messages.success(request, _("Kept."))
                return see_other(group)
        except ComesInACircle as refusal:
            form.add_error("prerequisite", str(refusal))
    context = {"form": form, "is_new": group._state.adding}
    return render(request, "groups/group_form.html", context, status=422 if form.errors else 200)
