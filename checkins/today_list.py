"""How a clinician's own people are today: first who asked for somebody, then changes, then the others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import OutreachTask, User
from checkins.changes import DAYS_COMPARED, Said, fell_silent, worth_a_look
from checkins.models import CheckIn
from checkins.models.check_in import Opened


@dataclass
class Person:
    client: User
    today: date
    days: set[date] = field(default_factory=set)
    said: Said = field(default_factory=list)
    opened: Opened | None = None  # of today
    wish: OutreachTask | None = None

    @property
    def changes(self) -> list[str]:
        if self.opened is None:
            silent = fell_silent(self.days, self.today)
            return [_("Checked in each day, and not since the day before yesterday.")] if silent else []
        return worth_a_look(self.said, self.today)


@dataclass(frozen=True)
class TodayList:
    asked: list[Person]
    changed: list[Person]
    answered: list[Person]
    not_yet: list[Person]


def of(clinician: User, now: datetime) -> TodayList:
    """The same few queries for any number of people."""
    house = User.objects.visible_to(clinician).cared_for_by(clinician).in_house(timezone.localdate(now))
    clients = house.order_by(Lower("chosen_name"), "pk")
    people = {client.pk: Person(client, client.local_day(now)) for client in clients}
    read(people, clinician, now)
    wishes = OutreachTask.objects.visible_to(clinician).open().filter(client__in=people)
    asked = wishes.filter(reason=OutreachTask.Reason.ASKED).select_related("taken_by").order_by("-opened_at")
    for task in asked:
        people[task.client_id].wish = task
    return sorted_out(list(people.values()))


def read(people: dict[UUID, Person], clinician: User, now: datetime) -> None:
    """Answers are opened, and the look noted, for those alone from whom something came today (A5)."""
    if not people:
        return
    first = min(person.today for person in people.values()) - timedelta(days=DAYS_COMPARED)
    rows = CheckIn.objects.visible_to(clinician).filter(client__in=people, day__gte=first)
    for client_id, day in rows.values_list("client", "day"):
        people[client_id].days.add(day)
    here = [key for key, person in people.items() if person.today in person.days]
    found = defaultdict(list)
    for row in rows.filter(client__in=here).opened(by=clinician, now=now):
        found[row.check_in.client_id].append(row)
    for key, opened in found.items():
        person = people[key]
        person.said = [(row.check_in.day, row.answers) for row in reversed(opened) if row.answers]
        person.opened = next(row for row in opened if row.check_in.day == person.today)


def sorted_out(people: list[Person]) -> TodayList:
    """Each person stands once, in the first place that is theirs."""
    rest = [person for person in people if not person.wish]
    calm = [person for person in rest if not person.changes]
    return TodayList(
        asked=sorted((p for p in people if p.wish), key=lambda p: p.wish.opened_at),  # type: ignore[union-attr]
        changed=[person for person in rest if person.changes],
        answered=[person for person in calm if person.opened],
        not_yet=[person for person in calm if not person.opened],
    )
