import math

from allauth.account import views as allauth_views
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from accounts import push_devices
from accounts.http import PersonRequest
from accounts.sign_in import session_limits


def staying(request: PersonRequest) -> JsonResponse:
    """How many seconds this session has left. A POST keeps it alive, a script that asks does not (A4)."""
    return JsonResponse({"left": math.ceil(session_limits.seconds_left(request.session, request.user))})


def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, and has the browser forget what it kept (A4)."""
    response = allauth_views.logout(request)
    if request.method == "POST":
        push_devices.end_here(request, response, timezone.now())
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
