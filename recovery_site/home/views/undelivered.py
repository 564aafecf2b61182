from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from notifications.models import Notification
from recovery_site.home import undelivered as composer


@permitted("home.see_undelivered")
@require_safe
def undelivered(request: PersonRequest) -> HttpResponse:
    """What could not be delivered, the latest first."""
    return render(request, "home/undelivered.html", composer.compose(request.user, timezone.now()))


@permitted("home.see_undelivered")
@require_POST
def undelivered_retry(request: PersonRequest, notification_id: UUID) -> HttpResponse:
    message = found(request, notification_id)
    if why_not := composer.why_not(message, timezone.now()):
        messages.error(request, str(why_not))
    elif message.try_again(now=timezone.now()):
        messages.success(request, _("It goes out again in a moment."))
    else:
        messages.error(request, _("The address of this one is not kept. Please send a new invitation."))
    return see_other("home:undelivered")


@permitted("home.see_undelivered")
@require_POST
def undelivered_rest(request: PersonRequest, notification_id: UUID) -> HttpResponse:
    """It does not have to go out any more."""
    found(request, notification_id).let_be()
    messages.success(request, _("Left as it is."))
    return see_other("home:undelivered")


def found(request: PersonRequest, notification_id: UUID) -> Notification:
    return get_object_or_404(Notification.objects.undelivered_seen_by(request.user), pk=notification_id)
