"""The manager's page of administrative acts: what was asked for, and each act in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEvent, User
from accounts.models.audit import AuditEventQuerySet
from accounts.roles import Role

A_PAGE = 30
# What stands in `detail`, in words. Anything else there is shown as it is.
DETAILS: dict[str, str | Promise] = {
    **{str(role.value): role.label for role in Role},
    "added": gettext_lazy("joined"),
    "primary": gettext_lazy("primary now"),
    "ended": gettext_lazy("left"),
    "death": gettext_lazy("a death"),
    "left quickly": gettext_lazy("left quickly"),
    "password": gettext_lazy("password"),
    "passkey": gettext_lazy("passkey"),
    "code": gettext_lazy("code"),
    "spare code": gettext_lazy("spare code"),
    "code added": gettext_lazy("an app for codes was added"),
    "code removed": gettext_lazy("an app for codes was removed"),
    "passkey added": gettext_lazy("a passkey was added"),
    "passkey removed": gettext_lazy("a passkey was removed"),
    "spare codes made": gettext_lazy("new spare codes were made"),
}


class Asked(NamedTuple):
    """What the list is narrowed to."""

    person: UUID | None = None
    act: str = ""
    first: date | None = None
    last: date | None = None

    def address(self, **more: object) -> str:
        """A query string with ids and days alone: no name ever stands in an address."""
        values = {**self._asdict(), **more}
        return "?" + urlencode({name: value for name, value in values.items() if value})

    @property
    def without_person(self) -> str:
        return self.address(person=None)


class Act(NamedTuple):
    """One line of the page."""

    at: datetime
    act: str
    actor_id: UUID | None
    actor: str
    subject_id: UUID | None
    subject: str
    detail: str


def found(events: AuditEventQuerySet, asked: Asked) -> AuditEventQuerySet:
    if asked.act:
        events = events.filter(act=asked.act)
    if asked.person:
        events = events.around(asked.person)
    return events.on_days(asked.first, asked.last).newest_first()


def page(events: AuditEventQuerySet, *, after: int | None) -> tuple[list[AuditEvent], bool]:
    """The next acts, and whether there are more. From the beginning where `after` is no act of ours."""
    last = AuditEvent.objects.filter(pk=after).first() if after is not None else None
    rows = list((events.after(last) if last else events)[: A_PAGE + 1])
    return rows[:A_PAGE], len(rows) > A_PAGE


def names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The chosen names of these people, in one query. Who was erased has none any more (A8)."""
    people = User.objects.filter(pk__in={pk for pk in ids if pk}, erased_at=None)
    return dict(people.values_list("pk", "chosen_name"))


def worded(events: list[AuditEvent], known: dict[UUID, str]) -> list[Act]:
    return [
        Act(
            event.at,
            event.get_act_display(),
            event.actor_id,
            name_of(event.actor_id, known) if event.actor_id else _("The program"),
            event.subject_id,
            name_of(event.subject_id, known) if event.subject_id not in (None, event.actor_id) else "",
            ", ".join(str(DETAILS.get(word, word)) for word in event.detail.split(", ")),
        )
        for event in events
    ]


def name_of(person_id: UUID | None, known: dict[UUID, str]) -> str:
    return known.get(person_id, _("someone who was here")) if person_id else ""
