"""The editors' desk: where questions and articles are written, looked at and published."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import permitted
from accounts.http import see_other
from faq.forms import ArticleForm, PieceForm, QuestionForm, SearchForm, TopicForm
from faq.models import Article, Piece, Question, Stale, Topic

FORMS: dict[type[Piece], type[PieceForm]] = {Article: ArticleForm, Question: QuestionForm}
SHOWN = 60  # pieces of a kind; the others are found by search


@permitted("faq.write")
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    shelves = [
        (kind.shelf, [*rows.select_related("topic", "updated_by").defer("body", "search_text")[:SHOWN]])
        for kind in (Article, Question)
        for mine in [kind.objects.visible_to(request.user)]
        for rows in [mine.matching(text) if text else mine.last_changed()]
    ]
    context = {"form": form, "text": text, "shelves": shelves, "shown": SHOWN}
    return render(request, "faq/library.html", context, status=422 if form.errors else 200)


@permitted("faq.write")
@require_http_methods(["GET", "HEAD", "POST"])
def piece_create(request: HttpRequest, shelf: type[Piece]) -> HttpResponse:
    return writing(request, FORMS[shelf](request.POST if request.method == "POST" else None))


@permitted("faq.write")
@require_http_methods(["GET", "HEAD", "POST"])
def piece_edit(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = get_object_or_404(shelf.objects.visible_to(request.user), pk=pk)
    return writing(request, FORMS[shelf](request.POST if request.method == "POST" else None, instance=piece))


def writing(request: HttpRequest, form: PieceForm) -> HttpResponse:
    """Where another text was kept first, both are shown (409) and neither is lost."""
    if not form.is_bound or not form.is_valid():
        return edit_page(request, form, status=422 if form.errors else 200)
    try:
        piece = keep(request, form)
    except Stale as stale:
        return edit_page(request, form.over(stale.stored), status=409, stored=stale.stored)
    return see_other("faq:piece_preview", piece.shelf, piece.pk)


def keep(request: HttpRequest, form: PieceForm) -> Piece:
    with transaction.atomic():
        piece: Piece = form.save(commit=False)
        piece.client_token = form.cleaned_data["token"]
        piece.write(by=request.user, now=timezone.now(), seen=form.cleaned_data["seen"])
        form.save_m2m()
    messages.success(request, _("Kept. This is how it reads."))
    return piece


def edit_page(
    request: HttpRequest, form: PieceForm, status: int, stored: Piece | None = None
) -> HttpResponse:
    piece = stored or form.instance
    context = {"form": form, "piece": piece, "shelf": piece.shelf, "stored": stored}
    return render(request, "faq/piece_edit.html", context, status=status)


@permitted("faq.write")
@require_safe
def piece_preview(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    now = timezone.now()
    piece = get_object_or_404(shelf.objects.visible_to(request.user).select_related("topic"), pk=pk)
    context: dict[str, Any] = {"piece": piece}
    if isinstance(piece, Article):
        context |= {"article": piece, "asked": piece.asked(now)}
    elif isinstance(piece, Question):
        context |= {"question": piece, "read_more": piece.read_more(now)}
    return render(request, "faq/piece_preview.html", context)


@permitted("faq.publish")
@require_POST
def publication(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = get_object_or_404(shelf.objects.visible_to(request.user), pk=pk)
    seen = PieceForm.base_fields["seen"]
    try:
        piece.publish(by=request.user, now=timezone.now(), seen=seen.clean(request.POST.get("seen")))
    except (Stale, ValidationError):
        messages.warning(request, _("It was changed after you looked. Read it again, then publish."))
    else:
        messages.success(request, _("Published. Everybody can read it now."))
    return see_other("faq:piece_preview", shelf.shelf, pk)


@permitted("faq.publish")
@require_POST
def withdrawal(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = get_object_or_404(shelf.objects.visible_to(request.user), pk=pk)
    piece.take_back(by=request.user, now=timezone.now())
    messages.success(request, _("Taken back. It is a draft again, and only editors see it."))
    return see_other("faq:piece_preview", shelf.shelf, pk)


@permitted("faq.write")
@require_http_methods(["GET", "HEAD", "POST"])
def topic_list(request: HttpRequest) -> HttpResponse:
    return topic_page(request, Topic())


@permitted("faq.write")
@require_http_methods(["GET", "HEAD", "POST"])
def topic_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    return topic_page(request, get_object_or_404(Topic, pk=pk))


def topic_page(request: HttpRequest, topic: Topic) -> HttpResponse:
    form = TopicForm(request.POST if request.method == "POST" else None, instance=topic)
    if form.is_bound and form.is_valid():
        form.save(commit=False).keep()
        messages.success(request, _("Kept."))
        return see_other("faq:topic_list")
    context = {"form": form, "topics": Topic.objects.in_order(), "is_new": topic._state.adding}
    return render(request, "faq/topic_list.html", context, status=422 if form.errors else 200)
