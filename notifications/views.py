from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from notifications.models import Notification, NotificationQuerySet

SHOWN = 50
WORKER_KEPT = "no-cache"  # asked for anew each time, so that a mistake in it can be taken back


@login_not_required
@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows a message on somebody's device. It keeps no page, and asks for none. At this
    address, because a worker's reach is the folder it comes from."""
    response = render(request, "notifications/push_worker.js", content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = WORKER_KEPT
    response.headers["Service-Worker-Allowed"] = "/"
    return response


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The latest first. `?after=` goes on behind one of one's own."""
    mine = Notification.objects.visible_to(request.user).latest_first()
    last = last_seen(request, mine)
    found = list((mine.after(last) if last else mine)[: SHOWN + 1])
    context = {
        "notices": found[:SHOWN],
        "more": f"?after={found[SHOWN - 1].pk}" if len(found) > SHOWN else None,
        "later": last,
        "any_new": any(notice.read_at is None for notice in found[:SHOWN]),
        "own": Notification(recipient_id=request.user.pk),  # for the line that says who reads such a row
    }
    return render(request, "notifications/notices.html", context)


def last_seen(request: HttpRequest, mine: NotificationQuerySet) -> Notification | None:
    """The row that "Show more" goes on from; None for one that was made up."""
    try:
        return mine.filter(pk=UUID(request.GET.get("after", ""))).first()
    except ValueError:
        return None


@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """All of them were read, without opening each."""
    Notification.objects.visible_to(request.user).unread().update(read_at=timezone.now())
    messages.success(request, _("All are marked as read."))
    return HttpResponseRedirect(reverse("notifications:notices"), status=303)


@require_safe
def notice(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Where the link of every mail leads: on to the page that the message is about."""
    found = get_object_or_404(Notification.objects.visible_to(request.user), pk=notification_id)
    found.read(now=timezone.now())
    return redirect(found)
