from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import push_devices
from accounts.http import PersonRequest, see_other
from accounts.sign_in import devices


@require_safe
def device_list(request: PersonRequest) -> HttpResponse:
    places = devices.signed_in(request.user, here=request.session.session_key)
    return render(request, "usersessions/usersession_list.html", {"places": places})


@require_POST
def device_ending(request: PersonRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(UserSession, pk=pk, user=request.user)
    if place.is_current():
        return see_other("account_logout")
    devices.end([place])
    messages.success(request, _("That device is signed out."))
    return see_other("usersessions_list")


@require_POST
def other_devices_ending(request: PersonRequest) -> HttpResponse:
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    devices.end(others)
    push_devices.end_others(request, request.user, timezone.now())
    messages.success(request, _("All other devices are signed out."))
    return see_other("usersessions_list")
