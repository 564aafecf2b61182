from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest
from accounts.models import User
from checkins import changes, today_list
from checkins.models import CheckIn
from checkins.picture import WEEKS, Picture, small_pictures, weeks_asked_for


@permitted("checkins.read")
@require_safe
def today(request: PersonRequest) -> HttpResponse:
    """How one's own people are today. Each whose answers stand here reads that they were looked at (A5)."""
    now = timezone.now()
    context = {
        "people": today_list.of(request.user, now),
        "today": timezone.localdate(now),
        "rules": changes,
    }
    return render(request, "checkins/today_list.html", context)


@permitted("checkins.read")
@require_safe
def picture(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """One's own client over some weeks, up to the client's own today."""
    now, weeks = timezone.now(), weeks_asked_for(request.GET.get("weeks"))
    own = User.objects.visible_to(request.user).cared_for_by(request.user)
    client = get_object_or_404(own, pk=person_id)
    rows = CheckIn.objects.visible_to(request.user)
    days = rows.for_clinician(client, by=request.user, now=now, days=7 * weeks)
    context = {
        "client": client,
        "picture": Picture([(row.day, row.answers.mood if row.answers else None) for row in days]),
        "small": small_pictures(days),
        "days": [row for row in reversed(days) if row.check_in],
        "weeks": weeks,
        "choices": WEEKS,
        "a_check_in": CheckIn(client=client),
    }
    return render(request, "checkins/picture_page.html", context)
