"""With whom a page is shared, told to its writer: on the page, and in a line of a list (J2, J3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from journal.models import Entry, Heading, Reply, Share
from journal.models.reply import Answer


@dataclass(frozen=True, repr=False)
class Told:
    """One share as its writer reads of it, with the answers to it."""

    share: Share
    answers: list[Answer]
    changed: bool  # the page is another one by now
    last_day: date | None  # by the clock of the writer

    @property
    def stands(self) -> bool:
        return self.share.stands


def told(entry: Entry, *, by: User, now: datetime) -> list[Told]:
    """Those that stand, and those that are over and were answered. Answers are read with this (J3)."""
    rows = Share.objects.visible_to(by).filter(entry=entry).telling(now).select_related("clinician")
    shares = list(rows.order_by("-shared_at", "-pk"))
    answers: dict[UUID, list[Answer]] = defaultdict(list)
    if any(share.is_answered for share in shares):
        replies = Reply.objects.visible_to(by).filter(share__in=shares)
        for answer in replies.opened(by=by):
            answers[answer.reply.share_id].append(answer)
        if any(share.has_news for share in shares):
            replies.mark_seen(by=by, now=now)
    return [
        Told(share, answers[share.pk], share.entry_revision != entry.revision, last_day_of(share, by))
        for share in shares
        if share.stands or answers[share.pk]
    ]


def last_day_of(share: Share, writer: User) -> date | None:
    """The day whose midnight ends it."""
    return share.last_moment and share.last_moment.astimezone(writer.zone).date()


def with_shares(headings: Sequence[Heading], *, any_: bool, by: User, now: datetime) -> Sequence[Heading]:
    """Each line with what to say of its shares, in one query for all; none where there is no share at all."""
    if not any_ or not headings:
        return headings
    pages = [heading.entry.pk for heading in headings]
    rows = Share.objects.visible_to(by).filter(entry__in=pages).telling(now).select_related("clinician")
    of_page: dict[UUID, list[Any]] = defaultdict(list)
    for share in rows.order_by("shared_at", "pk"):
        of_page[share.entry_id].append(share)
    return [
        replace(heading, said=said(found), has_news=any(share.has_news for share in found))
        if (found := of_page[heading.entry.pk])
        else heading
        for heading in headings
    ]


def said(shares: Sequence[Any]) -> str:
    """ "Ana Ruiz read this and answered"; of several readers, their names. Empty where nothing is to say."""
    standing = [share for share in shares if share.stands]
    answered = [share for share in shares if share.is_answered]
    names = names_of(standing or answered)
    if not standing:
        return _("%(names)s answered") % {"names": names} if answered else ""
    if len(standing) > 1 or not standing[0].read_at:
        return _("Shared with %(names)s") % {"names": names}
    if answered:
        return _("%(names)s read this and answered") % {"names": names}
    return _("%(names)s read this") % {"names": names}


def names_of(shares: Sequence[Share]) -> str:
    names = dict.fromkeys(str(share.clinician) for share in shares)
    return str(get_text_list(list(names), _("and")))
