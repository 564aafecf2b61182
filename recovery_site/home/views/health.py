from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.models import Heartbeat


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For machines: 200 when the database answers and the engine has been seen at work (K8), else 503."""
    try:
        silent: list[str] | None = Heartbeat.silent(timezone.now())
    except DatabaseError:
        silent = None
    report = {"database": silent is not None, "silent": silent or []}
    return JsonResponse(report, status=200 if silent == [] else 503)
