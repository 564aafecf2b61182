"""Opening a page to one person of one's care team, and taking it back (J2)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.vault import Unreadable
from journal.models import Entry, Share
from journal.models.sharing import NotShared
from journal.shared_with import last_day_of
from journal.sharing_forms import ShareForm


@permitted("journal.write_entry")
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What the other will see, the choice of who, and the share."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user).standing(), pk=pk)
    about: dict[str, Any] = {"writer": request.user, "now": timezone.now()}
    if request.method != "POST":
        standing = Share.objects.visible_to(request.user).filter(entry=entry).standing(about["now"]).first()
        return preview(request, entry, ShareForm(initial=begins_with(entry, standing), **about))
    form = ShareForm(request.POST, **about)
    if not form.is_valid():
        return preview(request, entry, form, status=422)
    try:
        entry.share(by=request.user, now=about["now"], **form.words())
    except NotShared as reason:
        form.add_error(None, str(reason))
        return preview(request, entry, form, status=409)
    except PermissionDenied:  # the stay ended since this request began (A6)
        raise Http404 from None
    except Unreadable:
        return see_other(entry)
    reader = form.words()["with_"]
    messages.success(request, _("Shared. %(name)s can read it now.") % {"name": reader})
    return see_other(entry)


def begins_with(entry: Entry, share: Share | None) -> dict[str, Any]:
    """Shared again, it goes to the same person until the same day, if nothing else is chosen."""
    if share is None:
        return {"revision": entry.revision}
    return {
        "revision": entry.revision,
        "clinician": str(share.clinician_id),
        "ends_on": last_day_of(share, entry.owner),
    }


def preview(request: PersonRequest, entry: Entry, form: ShareForm, status: int = 200) -> HttpResponse:
    """The page as it stands, and the form, which names the revision that is shown."""
    current = Entry.objects.visible_to(request.user).standing().filter(pk=entry.pk).first()
    if current is None:
        raise Http404
    try:
        page = current.opened(by=request.user)
    except Unreadable:
        return see_other(current)  # where the writer reads that it does not open
    if form.is_bound:
        form.show(current.revision)
    context = {"entry": current, "page": page, "form": form}
    return render(request, "journal/entry_share.html", context, status=status)


@permitted("journal.read_entry")
@require_POST
def share_withdrawal(request: PersonRequest, pk: UUID) -> HttpResponse:
    mine = Share.objects.visible_to(request.user).filter(client=request.user).select_related("entry")
    found = get_object_or_404(mine, pk=pk)
    if found.take_back(by=request.user, now=timezone.now()):
        messages.success(request, _("Taken back. Nobody else can read this page through that share now."))
    return see_other(found.entry)
