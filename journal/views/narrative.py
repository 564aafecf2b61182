from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import User
from journal import prompts
from journal.models import Kind, Narrative

FORM_METHODS = ["GET", "HEAD", "POST"]


@permitted("journal.read_shared")
@require_http_methods(FORM_METHODS)
def narrative(request: PersonRequest, client_id: UUID) -> HttpResponse:
    """For the care team: whether this client is offered questions about their own story (J6)."""
    people = User.objects.visible_to(request.user).cared_for_by(request.user).active()
    client = get_object_or_404(people, pk=client_id, away_since=None)
    standing = Narrative.objects.visible_to(request.user).standing().filter(client=client)
    row = standing.select_related("begun_by").first()
    if request.method == "POST":
        change(request, client, row)
        return see_other("journal:narrative", client.pk)
    context = {
        "client": client,
        "row": row,
        "row_or_new": row or Narrative(client=client),
        "ways": prompts.of(Kind.NARRATIVE),
        "settling": prompts.settling(client, client.local_day(timezone.now())),
    }
    return render(request, "journal/narrative.html", context)


def change(request: PersonRequest, client: User, row: Narrative | None) -> None:
    """Two buttons: what was on or off already stays as it is. Whoever left the team meanwhile gets 404."""
    now = timezone.now()
    try:
        if "begin" in request.POST:
            Narrative.objects.visible_to(request.user).begin(client=client, by=request.user, now=now)
            messages.success(request, _("They are on. The client was told in the app."))
        elif row:
            row.end(by=request.user, now=now)
            messages.success(request, _("They are off."))
    except PermissionDenied as left:
        raise Http404 from left


@permitted("journal.write_entry")
@require_http_methods(FORM_METHODS)
def narrative_end(request: PersonRequest) -> HttpResponse:
    """For the client: what these questions are, who turned them on, and the way to turn them off."""
    standing = Narrative.objects.visible_to(request.user).standing().filter(client=request.user)
    row = standing.select_related("begun_by").first()
    if request.method == "POST":
        if row:
            row.end(by=request.user, now=timezone.now())
        messages.success(request, _("Questions about your own story are off."))
        return see_other("journal:entry_list")
    return render(request, "journal/narrative_end.html", {"row": row, "ways": prompts.of(Kind.NARRATIVE)})
