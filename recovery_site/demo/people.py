"""The people of the demo program: who lives there, who works there, and who cares for whom."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import AccessRecord, CareTeamMember, Contact, Invitation, OutreachTask, Stay, User
from accounts.roles import Role

PASSWORD = "stillwater-demo"  # noqa: S105  # published on purpose; seed_demo refuses to run outside a demo

STAFF = [
    ("ana", Role.CLINICIAN, "Ana Ruiz", "she, her"),
    ("dev", Role.CLINICIAN, "Dev Patel", "he, him"),
    ("mo", Role.CLINICIAN, "Mo Lindqvist", "they, them"),
    ("grace", Role.CLINICIAN, "Grace Okafor", "she, her"),
    ("tomas", Role.CLINICIAN, "Tomás Herrera", "he, him"),
    ("ruth", Role.CLINICIAN, "Ruth Abelson", "she, her"),
    ("kenji", Role.CLINICIAN, "Kenji Mori", "he, him"),
    ("eli", Role.EDITOR, "Eli Brook", ""),
    ("mara", Role.MANAGER, "Mara Lind", "she, her"),
]


@dataclass(frozen=True)
class Resident:
    """One client. `days` is how many days ago they arrived, `left` how many days ago they went home."""

    username: str
    name: str
    pronouns: str
    days: int
    bed: str
    team: tuple[str, ...]  # the primary clinician first
    left: int | None = None
    before: tuple[tuple[str, int, int], ...] = field(default=())  # on the team once: who, from, until
    earlier: tuple[tuple[int, int], ...] = field(default=())  # days ago: arrived, went home
    mail: bool = True
    zone: str = ""


RESIDENTS = [
    Resident("sam", "Sam", "they, them", 17, "Elm 2", ("ana", "grace"), before=(("kenji", 17, 9),)),
    Resident("noor", "Noor", "she, her", 8, "Elm 3", ("grace", "tomas")),
    Resident("luis", "Luis", "he, him", 23, "Elm 1", ("ana", "mo"), before=(("ruth", 23, 14),)),
    Resident("june", "June", "she, her", 31, "Elm 4", ("ana", "dev"), mail=False),
    Resident("teo", "Teo", "he, him", 12, "Oak 1", ("ana",)),
    Resident("wren", "Wren", "they, them", 5, "Oak 2", ("ana", "ruth"), mail=False),
    Resident("marcus", "Marcus", "he, him", 40, "Oak 3", ("ana", "dev"), earlier=((410, 372),)),
    Resident(
        "hana",
        "Hana",
        "she, her",
        27,
        "Birch 1",
        ("ana", "kenji"),
        zone="America/Los_Angeles",
        before=(("tomas", 27, 11),),
    ),
    Resident("beth", "Beth", "she, her", 19, "Birch 2", ("ana", "grace")),
    Resident("omar", "Omar", "he, him", 2, "Oak 4", ("ana", "tomas"), mail=False),
    Resident("priya", "Priya", "she, her", 34, "Birch 3", ("dev", "ruth")),
    Resident("cole", "Cole", "he, him", 15, "Oak 5", ("dev", "mo"), mail=False),
    Resident("ash", "Ash", "they, she", 9, "Birch 4", ("dev",)),
    Resident(
        "walter", "Walter", "he, him", 52, "Maple 1", ("grace", "kenji"), earlier=((800, 745), (230, 200))
    ),
    Resident("imani", "Imani", "she, her", 21, "Maple 2", ("grace", "ruth")),
    Resident("rosa", "Rosa", "she, her", 11, "Maple 3", ("mo", "tomas"), mail=False),
    Resident("dale", "Dale", "he, him", 6, "Maple 4", ("mo",), zone="America/Chicago"),
    Resident("yuki", "Yuki", "they, them", 29, "Willow 1", ("tomas", "grace")),
    Resident("pearl", "Pearl", "she, her", 16, "Willow 2", ("tomas",), mail=False),
    Resident("andre", "Andre", "he, him", 37, "Willow 3", ("ruth", "dev"), earlier=((150, 118),)),
    Resident("nell", "Nell", "", 1, "Willow 4", ("kenji", "mo")),
    Resident("gus", "Gus", "he, him", 96, "Elm 2", ("ana", "mo"), left=34),
    Resident("farah", "Farah", "she, her", 71, "Birch 1", ("grace",), left=30, earlier=((500, 461),)),
    Resident("tom", "Tom", "he, him", 63, "Oak 1", ("dev", "kenji"), left=20, mail=False),
    Resident("lena", "Lena", "she, her", 88, "Maple 2", ("ruth",), left=45),
    Resident("ike", "Ike", "he, him", 49, "Willow 2", ("tomas", "ana"), left=18, before=(("mo", 49, 40),)),
    Resident("vera", "Véra", "she, her", 175, "Birch 2", ("grace", "ruth"), left=130, mail=False),
]
# Has accepted an invitation, and arrives one of these days.
EXPECTED = [("sky", "Sky", "they, them")]
PRIMARY_AND_SECOND = (True, False)


def seed(now: datetime) -> dict[str, User]:
    """Everybody by user name. Whoever is there already stays as they are."""
    known = set(User.objects.values_list("username", flat=True))
    arrivals = [resident for resident in RESIDENTS if resident.username not in known]
    add_users(known, now)
    people = {user.username: user for user in User.objects.order_by("username")}
    Stay.objects.bulk_create(stay for resident in arrivals for stay in stays_of(resident, people, now))
    CareTeamMember.objects.bulk_create(row for resident in arrivals for row in team_of(resident, people, now))
    if "sam" not in known:
        add_traces(people, now)
    return people


def since_leaving(resident: Resident, now: datetime) -> dict[str, Any]:
    """What the days since a stay have made of an account (A6)."""
    if resident.left is None:
        return {}
    away = {"away_since": timezone.localdate(now) - timedelta(days=resident.left)}
    if resident.left < settings.ALUMNI_DAYS:
        return away
    closed_at = days_ago(now, resident.left - settings.ALUMNI_DAYS, time(3))
    return {**away, "is_active": False, "closed_at": closed_at}


def add_users(known: set[str], now: datetime) -> None:
    staff = [
        User(
            username=name,
            role=role,
            chosen_name=full,
            pronouns=words,
            joined_at=days_ago(now, 900 - 70 * place, time(9)),
        )
        for place, (name, role, full, words) in enumerate(STAFF)
    ]
    clients = [
        User(
            username=resident.username,
            role=Role.CLIENT,
            chosen_name=resident.name,
            pronouns=resident.pronouns,
            time_zone=resident.zone,
            joined_at=days_ago(now, max([resident.days, *(span[0] for span in resident.earlier)]), time(13)),
            **since_leaving(resident, now),
        )
        for resident in RESIDENTS
    ]
    clients += [
        User(username=name, role=Role.CLIENT, chosen_name=called, pronouns=words)
        for name, called, words in EXPECTED
    ]
    missing = [user for user in staff + clients if user.username not in known]
    without_mail = {resident.username for resident in RESIDENTS if not resident.mail}
    encoded = make_password(PASSWORD) if missing else ""  # hashing one takes longer than all the rest
    for user in missing:
        user.password = encoded
        user.email = "" if user.username in without_mail else f"{user.username}@people.example"
    User.objects.bulk_create(missing)


def stays_of(resident: Resident, people: dict[str, User], now: datetime) -> list[Stay]:
    today = timezone.localdate(now)
    spans = [(resident.days, resident.left, resident.bed)]
    spans += [(arrived, left, "") for arrived, left in resident.earlier]
    return [
        Stay(
            client=people[resident.username],
            admitted_on=today - timedelta(days=arrived),
            discharged_on=None if left is None else today - timedelta(days=left),
            bed=bed,
        )
        for arrived, left, bed in spans
    ]


def team_of(resident: Resident, people: dict[str, User], now: datetime) -> list[CareTeamMember]:
    ended = None if resident.left is None else days_ago(now, resident.left, time(11))
    client = people[resident.username]
    standing = [
        CareTeamMember(
            client=client,
            clinician=people[clinician],
            is_primary=is_primary,
            started_at=days_ago(now, resident.days, time(14, 30)),
            ended_at=ended,
        )
        for clinician, is_primary in zip(resident.team, PRIMARY_AND_SECOND, strict=False)
    ]
    return standing + [
        CareTeamMember(
            client=client,
            clinician=people[clinician],
            started_at=days_ago(now, first, time(14, 30)),
            ended_at=days_ago(now, last, time(11)),
        )
        for clinician, first, last in resident.before
    ]


def add_traces(people: dict[str, User], now: datetime) -> None:
    """Talks that were logged, looks that were noted, and invitations still on their way."""
    Contact.objects.bulk_create(
        Contact(client=people[client], clinician=people[clinician], at=days_ago(now, days, time(16, 10)))
        for client, clinician, days in [
            ("june", "ana", 9),
            ("luis", "mo", 4),
            ("sam", "ana", 3),
            ("ash", "dev", 2),
        ]
    )
    looks = AccessRecord.What
    AccessRecord.objects.bulk_create(
        AccessRecord(subject_id=people[client].pk, actor=people[actor], what=what, at=days_ago(now, days, at))
        for client, actor, what, days, at in [
            ("sam", "ana", looks.PROFILE, 17, time(14, 42)),
            ("sam", "ana", looks.CHECK_IN, 10, time(9, 5)),
            ("sam", "grace", looks.CHECK_IN, 6, time(8, 31)),
            ("sam", "ana", looks.ATTENDANCE, 3, time(15, 58)),
            ("sam", "ana", looks.CHECK_IN, 1, time(8, 47)),
            ("noor", "grace", looks.PROFILE, 8, time(15, 20)),
            ("noor", "grace", looks.CHECK_IN, 2, time(9, 12)),
        ]
    )
    for client, days, taken_by in [("june", 2, None), ("wren", 1, "ruth")]:
        task = OutreachTask.objects.ask(
            client=people[client],
            reason=OutreachTask.Reason.MISSED_SESSIONS,
            about=people[client].pk,
            now=days_ago(now, days, time(17, 20)),
        )
        if taken_by:
            task.take(by=people[taken_by], now=days_ago(now, 0, time()))
    for role, label, days in [
        (Role.CLIENT, "Robin, from Monday's call", 1),
        (Role.CLIENT, "Lee's brother", 4),
        (Role.CLINICIAN, "Night clinician", 2),
    ]:
        at = now - timedelta(days=days)
        Invitation.objects.issue(role=role, by=people["mara"], now=at, label=label)


def days_ago(now: datetime, days: int, at: time) -> datetime:
    """That time of day, so many days ago, by the program's clock."""
    local = timezone.localtime(now)
    return datetime.combine(local.date() - timedelta(days=days), at, tzinfo=local.tzinfo)
