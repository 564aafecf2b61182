from datetime import datetime
from itertools import chain
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from faq.models import Article, Question, State
from recovery_site.home.today import words

SHOWN = 6


def compose(editor: User, now: datetime) -> dict[str, Any]:
    shelves = [Article.objects.visible_to(editor), Question.objects.visible_to(editor)]
    drafts = chain.from_iterable(shelf.filter(state=State.DRAFT).last_changed()[:SHOWN] for shelf in shelves)
    public = chain.from_iterable(shelf.public(now).newest()[:SHOWN] for shelf in shelves)
    unfinished = sorted(drafts, key=lambda piece: piece.updated_at, reverse=True)[:SHOWN]
    return {
        "today": timezone.localdate(now),
        "heading": heading(len(unfinished)),
        "drafts": unfinished,
        "published": sorted(public, key=lambda piece: piece.published_at, reverse=True)[:SHOWN],
    }


def heading(drafts: int) -> str:
    if not drafts:
        return _("Nothing is waiting for you.")
    if drafts == SHOWN:
        return _("Some drafts are waiting for you.")
    text = ngettext("%(number)s draft is waiting for you.", "%(number)s drafts are waiting for you.", drafts)
    return text % {"number": words.upper_number(drafts)}
