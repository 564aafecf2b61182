"""Drafts between a form and its row: saved while somebody types or was signed out, and shown again (J4)."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import unsent
from accounts.models import User
from accounts.vault import PersonKey, Unreadable
from journal import prompts
from journal.draft_forms import DraftForm
from journal.models import Draft, Entry, Kind, Page

MOST = 100  # that forms sent while signed out add to


def save(writer: User, fields: QueryDict, now: datetime, *, entry_pk: UUID | None = None) -> Draft | None:
    """Raises PermissionDenied and Unreadable as `Draft.objects.keep` does."""
    form = DraftForm(fields)
    form.full_clean()
    data = form.cleaned_data
    if data["let_go"]:
        Draft.objects.visible_to(writer).filter(
            client_token=data["client_token"], revision=data["seen"]
        ).delete()
        return None
    entry_pk = entry_pk or data.get("entry")
    entry = Entry.objects.visible_to(writer).filter(pk=entry_pk).first() if entry_pk else None
    question = asked_by(entry, writer) if entry else asked(writer, data["prompt"], data["client_token"])
    return Draft.objects.visible_to(writer).keep(
        by=writer,
        client_token=data["client_token"],
        seen=data["seen"],
        page=Page(data["title"], data["text"], question),
        on=data.get("written_on"),
        entry=entry,
        entry_revision=data["revision"],
        now=now,
    )


def asked_by(entry: Entry, writer: User) -> str:
    try:
        return entry.opened(by=writer).prompt
    except Unreadable:
        return ""


def asked(writer: User, name: str, client_token: UUID) -> str:
    """The question that the form names, or else the one in its draft: that may be none of ours any more."""
    way = prompts.named(name) or question_in_draft(writer, client_token)
    return str(way.text) if way else ""


def question_in_draft(writer: User, client_token: str | UUID) -> prompts.Way | None:
    try:
        rows = Draft.objects.visible_to(writer).filter(client_token=UUID(str(client_token)))
        found = [draft.opened(by=writer).prompt for draft in rows]
    except (ValueError, Unreadable):
        return None
    return way_asking(found[0]) if found and found[0] else None


def way_asking(text: str) -> prompts.Way:
    """The question with these words. One that was changed since has no name in the form."""
    ways = (*prompts.of(*Kind), prompts.ANYTHING)
    return next((way for way in ways if str(way.text) == text), prompts.Way("", text))


class Begun(NamedTuple):
    """A draft, and its words while they are shown."""

    draft: Draft
    page: Page

    def fields(self) -> dict[str, Any]:
        """What a form begins with, to go on where the draft ended."""
        day = {"written_on": self.draft.written_on} if self.draft.written_on else {}
        form = {"client_token": self.draft.client_token, "seen": self.draft.revision}
        return form | day | {"title": self.page.title, "text": self.page.text}

    def told(self, writer: User, now: datetime) -> dict[str, Any]:
        """What the writing page says about it."""
        began = when(self.draft.saved_at, writer, now)
        return {"draft": self.draft, "began": began, "saved": saved_at(self.draft, writer)}


def standing(writer: User, *, wanted: str, entry: Entry | None = None, key: PersonKey | None) -> Begun | None:
    """The draft to show in a form: the one that the address names, or the newest that opens."""
    drafts = Draft.objects.visible_to(writer).filter(entry=entry).newest_first()
    for draft in sorted(drafts, key=lambda draft: str(draft.pk) != wanted):
        if page := page_or_none(draft, writer, key):
            return Begun(draft, page)
    return None


def saved_at(draft: Draft, writer: User) -> str:
    """The calm line beside the day: the hour on the writer's clock."""
    return _("Saved at %(time)s") % {"time": date_format(draft.saved_at.astimezone(writer.zone), "g:i")}


def when(moment: datetime, writer: User, now: datetime) -> str:
    """As people say it: "yesterday at 8:42 a.m."."""
    local, today = moment.astimezone(writer.zone), now.astimezone(writer.zone).date()
    words = {"time": date_format(local, "g:i a"), "day": date_format(local, "l, j F")}
    if local.date() == today:
        return _("today at %(time)s") % words
    if local.date() == today - timedelta(days=1):
        return _("yesterday at %(time)s") % words
    return _("on %(day)s at %(time)s") % words


def listed(writer: User, *, key: PersonKey | None, now: datetime) -> list[dict[str, Any]]:
    """What was begun and not kept, newest first. Whoever can write no more reads the words right there."""
    drafts = Draft.objects.visible_to(writer).select_related("entry").newest_first()
    return [
        {"draft": draft, "page": page_or_none(draft, writer, key), "when": when(draft.saved_at, writer, now)}
        for draft in drafts
    ]


def page_or_none(draft: Draft, writer: User, key: PersonKey | None) -> Page | None:
    try:
        return draft.opened(by=writer, key=key)
    except Unreadable:
        return None


def take(writer: User, fields: QueryDict, ids: dict[str, Any], now: datetime) -> str | None:
    """For a form that came when its writer was signed out: the writing page, where its words stand again.

    Empty where nothing is left to keep, None for whoever may not write any more or has begun very many.
    """
    if Draft.objects.visible_to(writer).count() >= MOST:
        return None
    try:
        draft = save(writer, fields, now, entry_pk=ids.get("pk"))
    except PermissionDenied:
        return None
    return draft.get_absolute_url() if draft else ""


def register() -> None:
    for name in ("entry_create", "entry_edit", "draft_save"):
        unsent.register(f"journal:{name}", take)
