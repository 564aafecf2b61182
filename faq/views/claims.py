"""Texts that claim something about health and name no source (F4)."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from faq.claims import Written, claims
from faq.models import Article, Question, Release
from faq.models.text import Text

MOST = 100  # texts listed at once
READ = ("title", "body", "sources", "summary")


class Claiming(NamedTuple):
    shelf: str
    pk: UUID
    title: str
    sentences: list[str]


@permitted("faq.write")
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """What readers see comes first; then what is in the making."""
    releases = Release.objects.public(timezone.now()).filter(sources="").order_by("title", "id")
    public = list(islice(claiming(releases.only(*READ, "article", "question").iterator()), MOST))
    seen = {text.pk for text in public}
    making = [
        text
        for kind in (Article, Question)
        for rows in [kind.objects.visible_to(request.user).at_hand().filter(sources="").exclude(pk__in=seen)]
        for text in islice(claiming(rows.order_by("title", "id").only(*READ).iterator()), MOST)
    ]
    return render(request, "faq/claim_list.html", {"public": public, "making": making, "most": MOST})


def claiming(texts: Iterable[Text]) -> Iterator[Claiming]:
    for text in texts:
        if found := claims(Written(text.body, text.sources, text.summary)):
            yield Claiming(text.shelf, getattr(text, "piece_id", text.pk), text.title, found)
