"""Groups that end and are taken up again, and what people promised in them over time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups import agreements, rule_words
from groups.models import Group
from groups.refusals import GroupGoesOn

LISTED = 12


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("groups.schedule_session")
def group_ending(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """Says what keeps the group from ending, or asks once more; ends it, or takes it up again."""
    group = get_object_or_404(Group.objects.visible_to(request.user), pk=group_id)
    if request.method == "POST" and "again" in request.POST:
        group.take_up(by=request.user)
        messages.success(request, _("The group goes on."))
        return see_other(group)
    refusal = None
    if request.method == "POST":
        try:
            group.end(by=request.user, now=timezone.now())
            messages.success(request, _("The group has ended."))
            return see_other("groups:group_manage")
        except GroupGoesOn as error:
            refusal = error
    return ending_page(request, group, refusal)


def ending_page(request: PersonRequest, group: Group, refusal: GroupGoesOn | None) -> HttpResponse:
    left = group.sessions_left(timezone.now())
    series = group.series.filter(pk__in=left.order_by().values("series")) | group.series.unfinished()
    context = {
        "group": group,
        "refusal": refusal,
        "number": left.count(),
        "series": [(one, rule_words.words(one)) for one in series.order_by("start_time", "pk")],
        "single": left.filter(series=None)[:LISTED],
    }
    return render(request, "groups/group_ending.html", context, status=422 if refusal else 200)


@require_safe
@permitted("groups.view_schedule")
def agreement_versions(request: PersonRequest, group_id: UUID) -> HttpResponse:
    group = get_object_or_404(Group.objects.visible_to(request.user), pk=group_id)
    context = {"group": group, "versions": agreements.versions(group)}
    return render(request, "groups/agreement_versions.html", context)
