from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import Bringing
from journal.models import Entry
from recovery_site import actions


@permitted("journal.write_entry")
@require_http_methods(["GET", "HEAD", "POST"])
def bringing(request: PersonRequest, entry_id: UUID) -> HttpResponse:
    """The sessions to which a page can be brought, and with a POST, the choice of one."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user).standing(), pk=entry_id)
    now = timezone.now()
    sessions = actions.places_to_bring_to(request.user, now)
    chosen = next((row for row in sessions if str(row.pk) == request.POST.get("session")), None)
    if chosen and actions.bring(entry, chosen, by=request.user, now=now):
        messages.success(request, _("It stands on the page of that session now, for you alone."))
        return see_other(chosen)
    brought = Bringing.objects.visible_to(request.user).filter(entry_id=entry.pk)
    rows = {row.session_id: row for row in brought}
    context = {
        "entry": entry,
        "title": entry.opened_title(by=request.user),
        "lines": [(session, rows.get(session.pk)) for session in sessions],
        "problem": _("Choose one of your sessions.") if request.method == "POST" else "",
    }
    return render(request, "home/bringing.html", context, status=422 if context["problem"] else 200)


@permitted("journal.write_entry")
@require_POST
def bringing_withdrawal(request: PersonRequest, bringing_id: UUID) -> HttpResponse:
    row = get_object_or_404(Bringing.objects.visible_to(request.user), pk=bringing_id)
    row.delete()
    messages.success(request, _("Your reminder is gone. The page is still in your journal."))
    return see_other("home:bringing", row.entry_id)
