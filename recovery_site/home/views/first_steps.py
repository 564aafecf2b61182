from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.sign_in import session_limits
from recovery_site.home import welcome


@permitted("checkins.check_in")
@require_safe
def first_steps(request: PersonRequest) -> HttpResponse:
    """What a new client may want to know and choose, in any order, now or another day."""
    return render(request, "home/first_steps.html", welcome.compose(request, timezone.now()))


@permitted("checkins.check_in")
@require_POST
def shared_device(request: PersonRequest) -> HttpResponse:
    """Others use this device too: the session ends sooner, here and at the next sign-in (A4)."""
    request.session[session_limits.SHARED] = True
    messages.success(request, _("Kept. You are signed out sooner here when nobody uses the page."))
    response = see_other("home:today")
    session_limits.remember_shared(response, True)
    return response
