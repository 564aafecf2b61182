from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import User
from accounts.vault import Unreadable
from journal import drafting, prompts
from journal.forms import About, EditPageForm, NewPageForm, PageForm
from journal.glance import Glance
from journal.models import Draft, Entry, Page
from journal.shared_with import told, with_shares
from journal.views.keeping import deleted
from journal.who import who_reads

ENTRIES_BESIDE = 4
NOT_NOW = (Unreadable, PermissionDenied)  # the key went, or the stay ended, after this request had begun
FORM_METHODS = ["GET", "HEAD", "POST"]
THEN = {"share": "journal:share", "session": "home:bringing"}


@permitted("journal.write_entry")
@sensitive_post_parameters()
@require_http_methods(FORM_METHODS)
def entry_create(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    if request.method != "POST":
        return begin(request, now)
    prompt = prompt_of(request, now)
    about = About(request.user, now, str(prompt.text))
    if "begin" in request.POST:
        form = NewPageForm(initial=typed(request) | {"prompt": prompt.name}, about=about)
        return writing(request, form, prompt=prompt)
    form = NewPageForm(request.POST, about=about)
    if not form.is_valid():
        return writing(request, form, prompt=prompt, status=422)
    try:
        entry, is_new = Entry.objects.visible_to(request.user).write(
            by=request.user, now=now, **form.words(about.question)
        )
    except NOT_NOW:
        return not_kept(request, form, prompt=prompt)
    return kept(request, entry) if is_new else both_versions(request, entry, form)


@permitted("journal.read_entry")
@require_safe
def entry_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.visible_to(request.user), pk=pk)
    if entry.goes_at:
        return deleted(request, entry, entry.goes_at)
    return reading(request, entry, opened_or_none(entry, request.user))


@permitted("journal.write_entry")
@sensitive_post_parameters()
@require_http_methods(FORM_METHODS)
def entry_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    entry = Entry.objects.visible_to(request.user).standing().filter(pk=pk).first()
    page = entry and opened_or_none(entry, request.user)
    if not entry or not page:
        return without_page(request, entry)
    about = About(request.user, timezone.now(), page.prompt)
    if request.method != "POST":
        return go_on(request, about, entry, page)
    form = EditPageForm(request.POST, about=about)
    if not form.is_valid():
        return writing(request, form, entry=entry, status=422)
    try:
        edited = entry.edit(by=request.user, now=about.now, **form.words(page.prompt))
    except NOT_NOW:
        return not_kept(request, form, entry=entry)
    return kept(request, entry) if edited else both_versions(request, entry, form)


def prompt_of(request: PersonRequest, now: datetime) -> prompts.Way:
    """The question that the person chose, or the day's."""
    day = request.user.local_day(now)
    if begin := request.POST.get("begin"):
        way = prompts.chosen(begin, request.user, day)
    else:
        way = prompts.named(request.POST.get("prompt", "")) or drafting.question_in_draft(
            request.user, request.POST.get("client_token", "")
        )
    return way or prompts.prompt_for(request.user, day)


def typed(request: PersonRequest) -> dict[str, Any]:
    """What stands in the form, good or not."""
    names = ("written_on", "title", "text", "client_token", "seen")
    return {name: request.POST[name].replace("\0", "") for name in names if name in request.POST}


def opened_or_none(entry: Entry, user: User) -> Page | None:
    try:
        return entry.opened(by=user)
    except Unreadable:
        return None


def reading(request: PersonRequest, entry: Entry, page: Page | None) -> HttpResponse:
    """The page, or the news that it does not open (503)."""
    shares = told(entry, by=request.user, now=timezone.now())
    copies = [one.share.clinician for one in shares if one.stands]
    context = {
        "entry": entry,
        "page": page,
        "who": who_reads(entry, viewer=request.user, copies=copies),
        "shares": shares,
        "can_share": page and entry.editable_by(request.user),
        "keeping": True,
    }
    return render(request, "journal/entry_detail.html", context, status=200 if page else 503)


def writing(
    request: PersonRequest,
    form: PageForm,
    *,
    entry: Entry | None = None,
    prompt: prompts.Way | None = None,
    glance: Glance | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """The page to write on, with the last few pages beside it."""
    own = entry or Entry(owner_id=request.user.pk)
    today = request.user.local_day(timezone.now())
    glance = glance or Glance.brief(request.user)
    others = Entry.objects.visible_to(request.user).awake().exclude(pk=own.pk).newest_first()
    beside = others[:ENTRIES_BESIDE].headings(by=request.user, key=glance.key)
    context: dict[str, Any] = {
        "form": form,
        "entry": entry,
        "who": who_reads(own, viewer=request.user, any_copy=bool(entry and glance.shares)),
        "beside": with_shares(beside, any_=glance.shares, by=request.user, now=timezone.now()),
    }
    if prompt:
        context["ways"] = prompts.other_ways(request.user, today, than=prompt, narrative=glance.narrative)
    return render(request, "journal/entry_form.html", context | extra, status=status)


def begin(request: PersonRequest, now: datetime) -> HttpResponse:
    """A new page with the day's question, or the one that was begun before and not kept."""
    today = request.user.local_day(now)
    glance = Glance.brief(request.user)
    begun = None if "fresh" in request.GET else begun_before(request, glance)
    if not begun:
        way = prompts.prompt_for(request.user, today)
        form = NewPageForm(initial={"prompt": way.name}, about=About(request.user, now, str(way.text)))
        return writing(request, form, prompt=way, glance=glance)
    way = drafting.way_asking(begun.page.prompt)
    about = About(request.user, now, begun.page.prompt)
    form = NewPageForm(initial=begun.fields() | {"prompt": way.name}, about=about)
    return writing(request, form, prompt=way, glance=glance, **begun.told(request.user, now))


def go_on(request: PersonRequest, about: About, entry: Entry, page: Page) -> HttpResponse:
    """The page as it stands, or with the change that was begun before and not kept."""
    glance = Glance.brief(request.user)
    begun = begun_before(request, glance, entry)
    fields = {"written_on": entry.written_on, "title": page.title, "text": page.text}
    fields = begun.fields() if begun else fields
    revision = begun.draft.entry_revision if begun else entry.revision
    form = EditPageForm(initial=fields | {"revision": revision}, about=about)
    told = begun.told(request.user, about.now) if begun else {}
    return writing(request, form, entry=entry, glance=glance, **told)


def begun_before(request: PersonRequest, glance: Glance, entry: Entry | None = None) -> drafting.Begun | None:
    """What the address names, or the newest. It costs a query only where there is any."""
    if not glance.drafts:
        return None
    return drafting.standing(request.user, wanted=request.GET.get("draft", ""), entry=entry, key=glance.key)


def kept(request: PersonRequest, entry: Entry) -> HttpResponse:
    """To the page that was kept, or to what its writer wants to do with it next."""
    messages.success(request, _("Kept."))
    follows = THEN.get(request.POST.get("then", ""))
    return see_other(follows, entry.pk) if follows else see_other(entry)


def not_kept(request: PersonRequest, form: PageForm, **extra: Any) -> HttpResponse:
    form.add_error(None, _("This could not be kept just now. Your words are still here. Try again soon."))
    return writing(request, form, status=503, **extra)


def both_versions(request: PersonRequest, entry: Entry, form: PageForm) -> HttpResponse:
    """Another save came first. Where the words differ, both are shown (409) and neither is lost."""
    current = Entry.objects.visible_to(request.user).standing().filter(pk=entry.pk).first()
    stored = current and opened_or_none(current, request.user)
    if not current or not stored:
        return without_page(request, current)
    mine = form.cleaned_data
    if (current.written_on, stored.title, stored.text) == (mine["written_on"], mine["title"], mine["text"]):
        drafts = Draft.objects.visible_to(request.user)
        drafts.settle(mine["client_token"], seen=mine["seen"], page=stored)
        return kept(request, current)
    about = About(request.user, timezone.now(), stored.prompt)
    again = EditPageForm(initial=mine | {"revision": current.revision}, about=about)
    return writing(request, again, entry=current, stored=stored, status=409)


def without_page(request: PersonRequest, entry: Entry | None) -> HttpResponse:
    """An entry that is gone (404) or does not open (503). Words typed for it can be kept as a new one."""
    if request.method == "POST":
        words = typed(request) | {"client_token": uuid4(), "seen": 0}
        form = NewPageForm(initial=words, about=About(request.user, timezone.now()))
        return writing(request, form, gone=True, status=503 if entry else 404)
    if entry is None:
        raise Http404
    return reading(request, entry, None)
