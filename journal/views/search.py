from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.gates import permitted
from accounts.http import PersonRequest
from accounts.vault import PersonKey
from journal.finding import Found, Words, find
from journal.finding_forms import FindForm
from journal.glance import Glance
from journal.models import Entry, Reply, Share
from journal.models.entry import EntryQuerySet
from journal.who import who_reads


@permitted("journal.read_entry")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def entry_search(request: PersonRequest) -> HttpResponse:
    """Words come by POST and go with the answer: no address, log or session ever holds one (J5)."""
    form = FindForm(request.POST) if request.method == "POST" else FindForm()
    glance = Glance.brief(request.user)
    own = Entry(owner_id=request.user.pk)
    context: dict[str, Any] = {
        "form": form,
        "who": who_reads(own, viewer=request.user, any_copy=glance.shares),
    }
    if form.is_valid():
        asked = form.cleaned_data
        context |= {"found": found_by(request, asked, key=glance.key), "after": asked["after"]}
    template = "journal/entry_search.html" + ("#found" if request.htmx else "")
    return render(request, template, context, status=422 if form.errors else 200)


def found_by(request: PersonRequest, asked: dict[str, Any], *, key: PersonKey | None) -> Found:
    entries = narrowed(Entry.objects.visible_to(request.user).standing().newest_first(), request, asked)
    if key is None:
        return Found()  # who has no key has written nothing, or closed the account a moment ago
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
