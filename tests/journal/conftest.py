from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from journal.models import Entry, Page


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
