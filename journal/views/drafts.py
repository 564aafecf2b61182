from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.vault import Unreadable
from journal import drafting
from journal.models import Draft


@permitted("journal.write_entry")
@sensitive_post_parameters()
@require_POST
def draft_save(request: PersonRequest) -> JsonResponse:
    """What stands in the form at this moment. Where nothing is left to save, `saved` is empty."""
    try:
        draft = drafting.save(request.user, request.POST, timezone.now())
    except (Unreadable, PermissionDenied):  # the key went, or the stay ended, after this request had begun
        return JsonResponse({}, status=503)
    if draft is None:
        return JsonResponse({"token": request.POST.get("client_token", "")[:36], "revision": 0, "saved": ""})
    saved = drafting.saved_at(draft, request.user)
    return JsonResponse({"token": draft.client_token, "revision": draft.revision, "saved": saved})


@permitted("journal.read_entry")
@require_POST
def draft_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    draft = get_object_or_404(Draft.objects.visible_to(request.user).select_related("entry"), pk=pk)
    draft.let_go(by=request.user)
    if draft.entry:
        messages.success(request, _("The page is as it was."))
        return see_other(draft.entry)
    messages.success(request, _("What you had begun is gone."))
    return see_other("journal:entry_list")
