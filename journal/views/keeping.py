"""What a writer does with a page that stands: deletes it and brings it back, or lets it rest (J5)."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from journal.models import Entry
from journal.who import who_reads

FORM_METHODS = ["GET", "HEAD", "POST"]


@permitted("journal.read_entry")
@require_http_methods(FORM_METHODS)
def entry_delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The question, and the deletion, which can be taken back for a day."""
    entry = get_object_or_404(Entry.objects.visible_to(request.user), pk=pk)
    if entry.deleted_at:
        return see_other(entry)
    if request.method == "POST":
        entry.discard(by=request.user, now=timezone.now())
        messages.success(request, _("The page is deleted. You can bring it back for a day."))
        return see_other("journal:entry_list")
    context = {"entry": entry, "title": entry.opened_title(by=request.user)}
    return render(request, "journal/entry_delete.html", context | {"backup_days": settings.BACKUP_DAYS})


def deleted(request: PersonRequest, entry: Entry, goes_at: datetime) -> HttpResponse:
    """In place of the page: when it goes, and the way back. Nothing of it once its day is over."""
    if timezone.now() >= goes_at:
        raise Http404
    context = {
        "entry": entry,
        "title": entry.opened_title(by=request.user),
        "who": who_reads(entry, viewer=request.user),
        "backup_days": settings.BACKUP_DAYS,
    }
    return render(request, "journal/entry_deleted.html", context)


@permitted("journal.read_entry")
@require_POST
def entry_bring_back(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.visible_to(request.user), pk=pk)
    if entry.bring_back(by=request.user, now=timezone.now()):
        messages.success(request, _("The page is back."))
    elif entry.deleted_at:
        messages.info(request, _("Its day is over, so this page can no longer come back."))
        return see_other("journal:entry_list")
    return see_other(entry)


@permitted("journal.read_entry")
@require_POST
def entry_erase(request: PersonRequest, pk: UUID) -> HttpResponse:
    """For whoever does not want to wait for the day to pass. Only a deleted page goes like this."""
    going = Entry.objects.visible_to(request.user).going()
    get_object_or_404(going, pk=pk).erase(by=request.user)
    messages.success(request, _("The page is gone."))
    return see_other("journal:entry_list")


@permitted("journal.read_entry")
@require_POST
def entry_rest(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.visible_to(request.user).standing(), pk=pk)
    entry.rest(by=request.user, now=timezone.now())
    messages.success(request, _("This page will not come up by itself any more. You find it in your list."))
    return see_other("journal:entry_list" if "list" in request.POST else entry)


@permitted("journal.read_entry")
@require_POST
def entry_rest_withdrawal(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.visible_to(request.user).standing(), pk=pk)
    entry.rest_no_more(by=request.user)
    messages.success(request, _("This page may come up again."))
    return see_other(entry)
