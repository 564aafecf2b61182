from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from notifications.models import Notification

SHOWN = 50


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    rows = Notification.objects.visible_to(request.user).order_by("-shown_at")
    own = Notification(recipient_id=request.user.pk)  # for the line that says who reads such a row
    return render(request, "notifications/notices.html", {"notices": rows[:SHOWN], "own": own})


@require_safe
def notice(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Where the link of every mail leads: on to the page that the message is about."""
    found = get_object_or_404(Notification.objects.visible_to(request.user), pk=notification_id)
    found.read(now=timezone.now())
    return redirect(found)
