"""The editors' desk: what there is, and under which topics."""

from datetime import datetime
from itertools import chain
from uuid import UUID

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import permitted
from accounts.http import see_other
from faq.forms import SearchForm, TopicForm
from faq.models import Article, Question, Topic
from faq.models.writing import PieceQuerySet
from faq.standing import Line, lines, waiting

KINDS = (Article, Question)
SHOWN = 60  # pieces of a kind; the others are found by search


@permitted("faq.write")
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    now = timezone.now()
    mine = [kind.objects.visible_to(request.user).for_desk() for kind in KINDS]
    found = [rows.matching(text) if text else rows.at_hand().last_changed() for rows in mine]
    waits = [] if text else waiting(request.user, timezone.localdate(now))
    context = {"form": form, "text": text, "shelves": shelves(found, now), "shown": SHOWN, "waits": waits}
    return render(request, "faq/library.html", context, status=422 if form.errors else 200)


@permitted("faq.write")
@require_safe
def away_list(request: HttpRequest) -> HttpResponse:
    """What was put away: nothing that somebody wrote is ever lost."""
    away = [kind.objects.visible_to(request.user).put_away().for_desk().last_changed() for kind in KINDS]
    context = {"shelves": shelves(away, timezone.now()), "shown": SHOWN}
    return render(request, "faq/away_list.html", context)


def shelves(found: list[PieceQuerySet], now: datetime) -> list[tuple[str, list[Line]]]:
    """The first of each kind, and where they stand. One query beside those for the texts."""
    standing = lines(chain.from_iterable(rows[:SHOWN] for rows in found), now)
    return [(kind.shelf, [line for line in standing if isinstance(line.piece, kind)]) for kind in KINDS]


@permitted("faq.write")
@require_http_methods(["GET", "HEAD", "POST"])
def topic_list(request: HttpRequest) -> HttpResponse:
    return topic_page(request, Topic())


@permitted("faq.write")
@require_http_methods(["GET", "HEAD", "POST"])
def topic_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    return topic_page(request, get_object_or_404(Topic, pk=pk))


@permitted("faq.write")
@require_POST
def topic_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    topic = get_object_or_404(Topic, pk=pk)
    try:
        topic.remove()
    except ProtectedError:
        messages.warning(request, _("This topic has texts. Give them another topic first."))
        return see_other("faq:topic_edit", pk)
    messages.success(request, _("The topic is gone."))
    return see_other("faq:topic_list")


def topic_page(request: HttpRequest, topic: Topic) -> HttpResponse:
    form = TopicForm(request.POST if request.method == "POST" else None, instance=topic)
    if form.is_bound and form.is_valid():
        form.save(commit=False).keep()
        messages.success(request, _("Kept."))
        return see_other("faq:topic_list")
    context = {"form": form, "topics": Topic.objects.in_order(), "is_new": topic._state.adding}
    return render(request, "faq/topic_list.html", context, status=422 if form.errors else 200)
