"""What the journal holds of a person (A7)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import vault
from accounts.export import CANNOT_BE_OPENED, CHUNK, Part, Row
from accounts.models import User
from journal.models import Draft, Entry, Narrative, OnThisDay, Page, Reply, Share, SharedCopy


def entries(person: User) -> Iterator[Row]:
    """Opened one by one. What does not open any more says so in its place, and the others follow."""
    key = vault.key_for(person.pk)
    rows = Entry.objects.filter(owner=person).order_by("written_on", "created_at", "id")
    for entry in rows.iterator(chunk_size=CHUNK):
        try:
            page = entry.opened(by=person, key=key)
        except vault.Unreadable:
            page = Page("", str(CANNOT_BE_OPENED))
        yield {
            "written_on": entry.written_on,
            "title": page.title,
            "prompt": page.prompt,
            "text": page.text,
            "created_at": entry.created_at,
            "edited_at": entry.edited_at,
            "rests_since": entry.rests_since,
            "deleted_at": entry.deleted_at,
        }


def drafts(person: User) -> Iterator[Row]:
    """What they typed and did not keep."""
    key = None
    rows = Draft.objects.filter(owner=person).select_related("entry").order_by("saved_at", "pk")
    for draft in rows.iterator(chunk_size=CHUNK):
        key = key or vault.key_for(person.pk)
        try:
            page = draft.opened(by=person, key=key)
        except vault.Unreadable:
            page = Page("", str(CANNOT_BE_OPENED))
        yield {
            "saved_at": draft.saved_at,
            "page_of": draft.entry and draft.entry.written_on,
            "written_on": draft.written_on,
            "title": page.title,
            "prompt": page.prompt,
            "text": page.text,
        }


def shares(person: User) -> Iterator[Row]:
    """With whom a page was shared, and what they can read of it now."""
    key: vault.PersonKey | None = None  # fetched for the first copy: most people share nothing
    own_copy = Q(copy=None) | Q(copy__owner=person)
    rows = Share.objects.filter(own_copy, client=person).order_by("shared_at", "pk")
    for share in rows.select_related("entry", "clinician", "ended_by", "copy").iterator(chunk_size=CHUNK):
        copy = getattr(share, "copy", None)
        key = key or (vault.key_for(person.pk) if copy else None)
        yield {
            "page_of": copy.written_on if copy else share.entry.written_on,
            "reader": share.clinician.chosen_name,
            "shared_at": share.shared_at,
            "ends_at": share.ends_at,
            "read_at": share.read_at,
            "ended_at": share.ended_at,
            "ended_by": share.ended_by.chosen_name if share.ended_by else "",
            **copied(copy, person, key),
        }


def copied(copy: SharedCopy | None, person: User, key: vault.PersonKey | None) -> Row:
    """Nothing for a share that is over: its copy is gone."""
    if copy is None:
        return {"title": "", "prompt": "", "text": ""}
    try:
        page = copy.opened(by=person, key=key)
    except vault.Unreadable:
        page = Page("", str(CANNOT_BE_OPENED))
    return {"title": page.title, "prompt": page.prompt, "text": page.text}


def answers(person: User) -> Iterator[Row]:
    """What clinicians answered to shared pages, opened one by one."""
    key = vault.key_for(person.pk)
    rows = Reply.objects.filter(client=person).in_order().select_related("author", "share__entry")
    for reply in rows.iterator(chunk_size=CHUNK):
        text = reply.opened(by=person, key=key)
        yield {
            "page_of": reply.share.entry.written_on,
            "author": reply.author.chosen_name,
            "written_at": reply.written_at,
            "text": CANNOT_BE_OPENED if text is None else text,
            "seen_at": reply.seen_at,
        }


def narrative(person: User) -> Iterator[Row]:
    """When questions about one's own story were on (J6)."""
    rows = Narrative.objects.filter(client=person).select_related("begun_by", "ended_by").order_by("begun_at")
    for row in rows.iterator(chunk_size=CHUNK):
        yield {
            "begun_at": row.begun_at,
            "begun_by": row.begun_by.chosen_name,
            "ended_at": row.ended_at,
            "ended_by": row.ended_by.chosen_name if row.ended_by else "",
        }


PARTS = (
    Part(
        "journal",
        _("Your journal"),
        {
            "written_on": _("day"),
            "title": _("title"),
            "prompt": _("the question you answered"),
            "text": _("what you wrote"),
            "created_at": _("begun"),
            "edited_at": _("last changed"),
            "rests_since": _("does not come up by itself since"),
            "deleted_at": _("deleted, and gone a day later"),
        },
        entries,
        is_reading=True,
    ),
    Part(
        "drafts",
        _("Pages you began and did not keep"),
        {
            "saved_at": _("typed"),
            "page_of": _("the day of the page that it changes"),
            "written_on": _("day"),
            "title": _("title"),
            "prompt": _("the question you answered"),
            "text": _("what you wrote"),
        },
        drafts,
        is_reading=True,
    ),
    Part(
        "shares",
        _("Pages you shared"),
        {
            "page_of": _("the day of the page"),
            "reader": _("with whom"),
            "shared_at": _("since when"),
            "ends_at": _("until when, if you said so"),
            "read_at": _("when it was read"),
            "ended_at": _("when it ended"),
            "ended_by": _("who ended it"),
            "title": _("the title they see"),
            "prompt": _("the question they see"),
            "text": _("the words they see"),
        },
        shares,
        is_reading=True,
    ),
    Part(
        "answers",
        _("Answers to pages you shared"),
        {
            "page_of": _("the day of the page"),
            "author": _("who answered"),
            "written_at": _("when"),
            "text": _("what they wrote"),
            "seen_at": _("when you saw it"),
        },
        answers,
        is_reading=True,
    ),
    Part(
        "own_story",
        _("Questions about your own story"),
        {
            "begun_at": _("on since"),
            "begun_by": _("who turned them on"),
            "ended_at": _("off since"),
            "ended_by": _("who turned them off"),
        },
        narrative,
    ),
    Part(
        "on_this_day",
        _("Pages of the same day come up"),
        {"since": _("since")},
        lambda person: OnThisDay.objects.filter(owner=person),
    ),
)
