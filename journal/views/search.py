from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import vault
from accounts.gates import permitted
from accounts.http import PersonRequest
from journal.finding import Found, Words, find
from journal.finding_forms import FindForm
from journal.models import Entry, Reply, Share
from journal.models.entry import EntryQuerySet
from journal.who import who_reads


@permitted("journal.read_entry")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def entry_search(request: PersonRequest) -> HttpResponse:
    """Words come by POST and go with the answer: no address, log or session ever holds one (J5)."""
    form = FindForm(request.POST) if request.method == "POST" else FindForm()
    context: dict[str, Any] = {
        "form": form,
        "who": who_reads(Entry(owner_id=request.user.pk), viewer=request.user),
    }
    if form.is_valid():
        context |= {"found": found_by(request, form.cleaned_data), "after": form.cleaned_data["after"]}
    template = "journal/entry_search.html" + ("#found" if request.htmx else "")
    return render(request, template, context, status=422 if form.errors else 200)


def found_by(request: PersonRequest, asked: dict[str, Any]) -> Found:
    entries = narrowed(Entry.objects.visible_to(request.user).standing().newest_first(), request, asked)
    key = vault.key_for(request.user.pk)
    return find(entries, Words(asked["q"]), by=request.user, key=key, resting=asked["resting"])


def narrowed(entries: EntryQuerySet, request: PersonRequest, asked: dict[str, Any]) -> EntryQuerySet:
    last = asked["after"] and Entry.objects.visible_to(request.user).filter(pk=asked["after"]).first()
    if last:
        entries = entries.after(last)
    if asked["since"]:
        entries = entries.filter(written_on__gte=asked["since"])
    if asked["until"]:
        entries = entries.filter(written_on__lte=asked["until"])
    if asked["shared"]:
        shares = Share.objects.visible_to(request.user).standing(timezone.now())
        entries = entries.filter(Exists(shares.filter(entry=OuterRef("pk"))))
    if asked["answered"]:
        answers = Reply.objects.visible_to(request.user).filter(share__entry=OuterRef("pk"))
        entries = entries.filter(Exists(answers))
    return entries
