from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from journal.models import Entry, Page, Share, SharedCopy


@pytest.fixture
def write(frozen):
    """Writes an entry of this person, as the writing page would."""

    def entry_of(person, text="Sat by the window.", title="", prompt="", on=date(2026, 11, 24), **more):
        more.setdefault("client_token", uuid4())
        page = Page(title, text, prompt)
        return Entry.objects.write(by=person, page=page, on=on, now=timezone.now(), **more)[0]

    return entry_of


@pytest.fixture
def sheet():
    """What a browser sends from the page for a new entry."""

    def fields(**more):
        return {
            "written_on": "2026-11-24",
            "title": "",
            "text": "Sat by the window.",
            "client_token": uuid4(),
        } | more

    return fields


@pytest.fixture
def edit_sheet():
    def fields(entry, **more):
        return {"written_on": "2026-11-24", "title": "", "text": "New.", "revision": entry.revision} | more

    return fields


@transaction.atomic
def shared(entry, clinician, *, ends_at=None):
    """The page as it stands, open to this clinician: the rows that sharing makes."""
    now, page = timezone.now(), entry.opened(by=entry.owner)
    share = Share.objects.create(
        client=entry.owner,
        entry=entry,
        clinician=clinician,
        entry_revision=entry.revision,
        shared_at=now,
        ends_at=ends_at,
    )
    copy = SharedCopy(share=share, owner=entry.owner, written_on=entry.written_on)
    for column, value in copy.sealed(page, revision=1).items():
        setattr(copy, column, value)
    copy.save(force_insert=True)
    return share
