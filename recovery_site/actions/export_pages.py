"""The pages of an export: they open in any browser, call nobody, and need nothing beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import accounts.export
import checkins.export
import groups.export
import journal.export
from accounts.export import Part, Row, Words, key_of
from accounts.models import User

HERE = "<!-- rows -->"  # where the rows go; a frame holds no text of a person's


@dataclass(frozen=True)
class Page:
    name: str
    title: str | Promise
    parts: tuple[Part, ...]


PAGES = (
    Page("journal", gettext_lazy("Your journal"), journal.export.PARTS),
    Page("check-ins", gettext_lazy("Your check-ins"), checkins.export.PARTS),
    Page("groups-and-attendance", gettext_lazy("Your groups"), groups.export.PARTS),
    Page("about-me", gettext_lazy("About you"), accounts.export.PARTS),
)


def index(now: datetime) -> Iterator[str]:
    place = timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " ")
    yield render_to_string("home/export_index.html", {"pages": PAGES, "made_at": now, "place": place})


def page(shown: Page, client: User, without_rows: set[str]) -> Iterator[str]:
    """Adds the names of its parts that hold nothing to `without_rows`."""
    before, after = render_to_string("home/export_page.html", {"page": shown}).split(HERE)
    yield before
    for part in shown.parts:
        yield from section(part, shown, client, without_rows)
    yield after


def section(part: Part, shown: Page, client: User, without_rows: set[str]) -> Iterator[str]:
    words = {key_of(name): label for name, label in part.words.items()}
    context = {"part": part, "page": shown, "words": words.values()}
    before, after = render_to_string("home/export_part.html", context).split(HERE)
    yield before
    one = get_template("home/export_part.html#" + ("reading" if part.is_reading else "line"))
    empty = True
    for row in part.told(client):
        empty = False
        (first, heading), *values = [(label, in_words(part, key, row)) for key, label in words.items()]
        yield one.render({"first": first, "heading": heading, "values": values})
    if empty:
        without_rows.add(part.name)
        yield render_to_string("home/export_part.html#nothing", context)
    yield after


def in_words(part: Part, key: str, row: Row) -> str:
    value = row[key]
    if part.is_reading and value is False:
        return ""  # a page tells what was, not what was not
    if key in part.labels and value is not None:
        value = labelled(part.labels[key], value)
    return said(value)


def labelled(labels: Mapping[Any, Words], value: Any) -> Any:
    """A stored code as it is read. Several of them stand in a list, or with commas between them."""
    if isinstance(value, list):
        return [labels.get(one, one) for one in value]
    if isinstance(value, str) and value not in labels:
        return ", ".join(str(labels.get(one, one)) for one in value.split(", "))
    return labels.get(value, value)


def said(value: Any) -> str:
    """A value as a person reads it; times by the clock of the house."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, g:i a")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, time):
        return time_format(value, "g:i a")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def read_me() -> Iterator[str]:
    yield _("What is in here") + "\n\n"
    yield _("The files that end in .html are for reading. They open in any browser, also offline.") + "\n"
    yield _("The files in the folder data hold the same, for keeping or for use in another program.") + "\n"
    yield _("They are JSON in UTF-8: a list of rows. Times are in UTC; an empty value reads null.") + "\n"
    for shown in PAGES:
        for part in shown.parts:
            yield f"\ndata/{part.name}.json - {part.title}\n"
            for name, label in part.words.items():
                yield f"  {key_of(name)}: {label}\n"
            for key, labels in part.labels.items():
                yield "".join(f"  {key} = {code}: {label}\n" for code, label in labels.items() if label)
