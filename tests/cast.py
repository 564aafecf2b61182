"""The cast: Sam and Noor are clients, Ana is Sam's clinician, Dev is not, Eli edits, Mara manages."""

import uuid
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from accounts.models import CareTeamMember, Stay, User
from accounts.roles import Role
from checkins.explanation import VERSION
from checkins.models import Acceptance
from journal.models import Entry, Page

TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 10:00 in New York


def person(username: str, role: Role, name: str, pronouns: str) -> User:
    # No password: hashing one takes longer than most tests.
    return User.objects.create(
        username=username, role=role, chosen_name=name, pronouns=pronouns, email=f"{username}@people.example"
    )


def sam() -> User:
    sam = person("sam", Role.CLIENT, "Sam", "they, them")
    Stay.objects.create(client=sam, admitted_on=date(2026, 11, 7), bed="Elm 2")
    Acceptance.objects.accept(by=sam, version=VERSION, now=timezone.now())
    return sam


def noor() -> User:
    noor = person("noor", Role.CLIENT, "Noor", "she, her")
    Stay.objects.create(client=noor, admitted_on=date(2026, 11, 16), bed="Elm 3")
    Acceptance.objects.accept(by=noor, version=VERSION, now=timezone.now())
    return noor


def luz() -> User:
    """Went home ten days ago (A6)."""
    left = timezone.localdate() - timedelta(days=10)
    luz = person("luz", Role.CLIENT, "Luz", "she, her")
    Stay.objects.create(client=luz, admitted_on=left - timedelta(days=40), discharged_on=left)
    Entry.objects.write(
        by=luz,
        client_token=uuid.uuid4(),
        page=Page("The last evening", "We sat by the water."),
        on=left,
        now=timezone.now() - timedelta(days=10),
    )
    luz.away_since = left
    luz.save(update_fields=["away_since"])
    return luz


def ana(sam: User) -> User:
    ana = person("ana", Role.CLINICIAN, "Ana Ruiz", "she, her")
    # Before anything that a test shares, whether its clock stands still already or not.
    since = TUESDAY - timedelta(days=14)
    CareTeamMember.objects.create(client=sam, clinician=ana, is_primary=True, started_at=since)
    return ana


def dev() -> User:
    return person("dev", Role.CLINICIAN, "Dev Patel", "he, him")


def eli() -> User:
    return person("eli", Role.EDITOR, "Eli Brook", "")


def mara() -> User:
    return person("mara", Role.MANAGER, "Mara Lind", "she, her")


def everybody() -> dict[str, User]:
    client = sam()
    people = (client, noor(), ana(client), dev(), eli(), mara(), luz())
    return {user.username: user for user in people}
