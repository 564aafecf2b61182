"""What is typed and not kept yet, on its way between the form and its row."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from faq import unkept
from faq.models import Autosave, Piece


@permitted("faq.write")
@require_POST
def autosave(request: PersonRequest, shelf: type[Piece], token: UUID) -> JsonResponse:
    """Counts as writing, so that nobody is signed out over a text (A4)."""
    now = timezone.now()
    try:
        saved = unkept.save(request.user, shelf, token, request.POST, now)
    except ValidationError:
        return JsonResponse({}, status=422)
    warning = unkept.warning(request.user, shelf, token, request.POST, now)
    return JsonResponse({"saved": saved, "warning": warning})


@permitted("faq.write")
@require_POST
def autosave_ending(request: PersonRequest, shelf: type[Piece], token: UUID) -> HttpResponse:
    Autosave.objects.visible_to(request.user).filter(token=token).delete()
    messages.success(request, _("What you had typed is gone. This is what is kept."))
    return see_other(unkept.address(shelf, token))
