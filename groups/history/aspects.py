"""What of a row is shown, and in which words: labels instead of columns, names instead of numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Field
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups import rule_words
from groups.history.names import Names, leading, reasons
from groups.models import Group, Room, Series, Session

type Label = str | Promise
type Words = Callable[[Any, Names], str]


def column(model: type[Group | Room | Series], name: str) -> tuple[Label, Words]:
    """A column under the label that its form has."""
    field = cast("Field[Any, Any]", model._meta.get_field(name))

    def words(row: Any, names: Names) -> str:
        if field.is_relation:
            return names.of_key(getattr(row, field.attname)) or _("nothing")
        value = getattr(row, name)
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return date_format(value, "j F Y") if isinstance(value, date) else str(value)

    return field.verbose_name, words


def when(row: Any, names: Names) -> str:
    starts_at, ends_at = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    return _("%(day)s to %(end)s") % {
        "day": date_format(starts_at, "l, j F Y, g:i a"),
        "end": date_format(ends_at, "g:i a"),
    }


def standing(row: Any, names: Names) -> str:
    if row.withdrawn_by_id:
        return _("taken out of the series")
    if row.cancelled_at:
        return _("cancelled")
    return _("rests") if row.suspension_id else _("takes place")


def is_over(name: str, yes: Label, no: Label) -> Words:
    def words(row: Any, names: Names) -> str:
        at: datetime | None = getattr(row, name)
        return str(yes if at else no)

    return words


def people(row: Any, names: Names) -> str | None:
    """Who leads, the lead first. None where nobody wrote it down."""
    parts = leading(row)
    if parts is None:
        return None
    found = []
    for (_role, person, *beside), why in zip(parts, reasons(row), strict=True):
        words = names.of_person(person)
        if beside:
            words = _("%(name)s, who stands in for %(for)s") % {
                "name": words,
                "for": names.of_person(beside[0]),
            }
        if why:
            words = _("%(name)s, in two places (%(why)s)") % {"name": words, "why": why}
        found.append(words)
    return str(get_text_list(found, _("and"))) or _("nobody")


OF_A_GROUP = [
    *(column(Group, name) for name in ("name", "purpose", "kind", "pace", "capacity", "admission")),
    *(column(Group, name) for name in ("listening_welcome", "what_to_expect", "who_is_there", "agreement")),
    column(Group, "prerequisite"),
    (gettext_lazy("Standing"), is_over("ended_at", gettext_lazy("ended"), gettext_lazy("goes on"))),
]
OF_A_ROOM = [
    *(column(Room, name) for name in ("name", "place", "capacity", "turnover_minutes")),
    (gettext_lazy("Standing"), is_over("closed_at", gettext_lazy("closed"), gettext_lazy("in use"))),
]
OF_A_SERIES: list[tuple[Label, Words]] = [
    (gettext_lazy("Rule"), lambda row, names: rule_words.words(row)),
    column(Series, "start_date"),
    (gettext_lazy("Room"), lambda row, names: names.of_key(row.room_id)),
]
OF_A_SESSION: list[tuple[Label, Words]] = [
    (gettext_lazy("When"), when),
    (gettext_lazy("Room"), lambda row, names: names.of_key(row.room_id)),
    (gettext_lazy("Standing"), standing),
]
ASPECTS: dict[type, list[tuple[Label, Words]]] = {
    Group: OF_A_GROUP,
    Room: OF_A_ROOM,
    Series: OF_A_SERIES,
    Session: OF_A_SESSION,
}
