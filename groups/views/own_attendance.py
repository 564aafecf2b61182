from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest
from groups.models import Attendance
from groups.models.attendance import KIND_WORDS

A_PAGE = 30
LONGEST_ID = 19  # digits that a 64-bit number is sure to hold, and one


@require_safe
@permitted("groups.view_own")
def own_attendance(request: PersonRequest) -> HttpResponse:
    """What was noted of oneself, the latest first, in the words of a person and never as a rate (B8)."""
    mine = Attendance.objects.visible_to(request.user).filter(client=request.user.pk)
    rows = mine.exclude(state=Attendance.State.NOT_REQUIRED).annotate(at=F("session__starts_at"))
    last = last_seen(rows, request.GET.get("after", ""))
    if last:
        rows = rows.filter(Q(at__lt=last[0]) | Q(at=last[0], pk__lt=last[1]))
    shown = list(rows.select_related("session__group").order_by("-at", "-pk")[: A_PAGE + 1])
    context = {
        "rows": [(row, KIND_WORDS[row.state]) for row in shown[:A_PAGE]],
        "more": f"?after={shown[A_PAGE - 1].pk}" if len(shown) > A_PAGE else "",
        "is_later": last is not None,
    }
    return render(request, "groups/own_attendance.html", context)


def last_seen(rows: QuerySet[Any], asked: str) -> tuple[datetime, int] | None:
    """Time and id of the row above the page that is asked for; None where there is no such row."""
    if not (asked.isascii() and asked.isdigit() and len(asked) < LONGEST_ID):
        return None
    return rows.filter(pk=int(asked)).values_list("at", "pk").first()
