"""The line "who can see this" against the answers: the people it names are those to whom the row opens.

Each sensitive model has a row of Sam's and one of somebody who has left the house; both are tried by the
whole cast, by a clinician who was on the care team once, and by one who is on it with a closed account.
"""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import reverse

from accounts import who
from accounts.models import CareTeamMember, EmergencyAccess, Stay, User
from accounts.roles import Role
from checkins.models import CheckIn, ReminderPlan
from groups.models import Booking
from journal.models import Entry
from tests.cast import person
from tests.private_rows import MAKE, NOW, session_of
from tests.test_architecture import SENSITIVE

OWNERS = ("sam", "gone")


@pytest.fixture
def people(cast, frozen) -> dict[str, User]:
    """The cast, and those at the edges. Everybody who is called `old_…` could see Sam's rows once."""
    gone = person("gone", Role.CLIENT, "Gone Before", "")
    stay = {"admitted_on": date(2026, 9, 1), "discharged_on": date(2026, 11, 1)}
    Stay.objects.create(client=gone, **stay, bed="Oak 9")
    old_team = person("old_team", Role.CLINICIAN, "Once Ana", "")
    old_account = person("old_account", Role.CLINICIAN, "Closed Clinician", "")
    old_manager = person("old_manager", Role.MANAGER, "Closed Manager", "")
    moved = person("moved", Role.EDITOR, "Edits Now", "")  # a clinician before
    leader = person("leader", Role.CLINICIAN, "Leads Groups", "")
    old_leader = person("old_leader", Role.CLINICIAN, "Once Led", "")
    second = person("second", Role.MANAGER, "Second Manager", "")
    stands_in = person("stands_in", Role.CLINICIAN, "Stands Now", "")
    for client in (cast["sam"], gone):
        CareTeamMember.objects.create(client=client, clinician=old_team, ended_at=NOW())
        CareTeamMember.objects.create(client=client, clinician=old_account)
        CareTeamMember.objects.create(client=client, clinician=moved)
    CareTeamMember.objects.filter(client=gone).update(ended_at=NOW())
    User.objects.filter(pk__in=[old_account.pk, old_manager.pk]).update(is_active=False)
    extra = (gone, moved, old_team, old_account, old_manager, leader, old_leader, second, stands_in)
    everybody = {**cast, **{user.username: user for user in extra}}
    for user in everybody.values():
        user.refresh_from_db()
    return everybody


# Who sees it, by the domain's table: the row's owner, and beside them these.
TEAM, ALL_MANAGERS = ["ana"], ["mara", "second"]
ALSO = {
    "Attendance": [*TEAM, "leader", "stands_in"],
    "AttendanceChange": [*TEAM, "leader", "stands_in"],
    "AuditEvent": ALL_MANAGERS,
    "Booking": [*TEAM, "leader", "stands_in"],
    "CareTeamMember": [*TEAM, *ALL_MANAGERS],
    "CheckIn": TEAM,
    "Contact": TEAM,
    "EmergencyAccess": TEAM,
    "Encouragement": ["noor"],
    "Invitation": ["leader", *ALL_MANAGERS],
    "JoinRequest": [*TEAM, "leader"],
    "Measure": TEAM,
    "Membership": [*TEAM, "leader"],
    "Narrative": TEAM,
    "OutreachTask": TEAM,
    "Reply": TEAM,
    "SessionNote": ["leader", "old_team", "stands_in"],  # in place of old_team
    "Share": TEAM,
    "SharedCopy": TEAM,
    "Stay": [*TEAM, *ALL_MANAGERS],
    "User": [*TEAM, *ALL_MANAGERS],
}
NOT_OF_ITS_CLIENT = {"AuditEvent", "DataKey", "GroupKey", "Invitation", "SessionNote"}


def row_of(name: str, owner: str, people: dict[str, User]) -> Model:
    row = MAKE[name](people[owner], people)
    User.objects.filter(username="gone").update(away_since=date(2026, 11, 1))
    people["gone"].refresh_from_db()
    return row


def expected(name: str, owner: str) -> set[str]:
    team_stands = owner == "sam"
    also = {one for one in ALSO.get(name, []) if team_stands or one not in TEAM}
    return also if name in NOT_OF_ITS_CLIENT else also | {owner}


def named_in(sentence: str, reader: User, people: dict[str, User]) -> set[str]:
    """The user names behind the sentence."""
    names, _rest = re.fullmatch(r"(.*) (can see this)\.", sentence).groups()
    words = re.split(r", | and ", names[:1].lower() + names[1:])
    by_name = {user.chosen_name.lower(): name for name, user in people.items()}
    found = set()
    for word in words:
        if word in ("you", "only you"):
            found.add(reader.username)
        elif word in ("the managers", "the other managers"):
            found |= {"mara", "second"} - ({reader.username} if "other" in word else set())
        elif word != "nobody":
            found.add(by_name[word.lower()])
    assert sentence.startswith("Only you") == (found == {reader.username})
    return found


def test_every_sensitive_model_is_tried():
    assert set(MAKE) == SENSITIVE | {"Invitation"}
    assert {model.__name__ for model in apps.get_models() if hasattr(model, "seen_by")} <= set(MAKE)


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("name", sorted(MAKE))
def test_the_line_names_those_to_whom_the_row_opens(people, name, owner):
    row = row_of(name, owner, people)
    rule = who.rule_of(row)
    opens = {
        username
        for username, user in people.items()
        if rule.rows(type(row)._default_manager.filter(pk=row.pk), user).exists()
    }
    assert opens == expected(name, owner)
    assert {user.username for user in rule.readers(row)} == opens
    assert {username for username, user in people.items() if rule.admits(row, user)} == opens
    for username in opens or {"mara"}:
        sentence = who.who_can_see(row, reader=people[username])
        assert named_in(sentence, people[username], people) == opens, sentence


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("name", sorted(set(MAKE) - {"DataKey", "GroupKey"}))
def test_visible_to_is_that_rule(people, name, owner):
    row = row_of(name, owner, people)
    rows = type(row)._default_manager.all()
    opens = {name for name, user in people.items() if rows.visible_to(user).filter(pk=row.pk).exists()}
    assert opens == expected(name, owner)


# Pages that show the row, with the words by which it is known there.
PAGES = {
    "Entry": (
        lambda row, owner: [reverse("journal:entry_detail", args=[row.pk])],
        ["A page of a hard day"],
    ),
    "Draft": (
        lambda row, owner: [row.get_absolute_url()],
        ["Words of a draft"],
    ),
    "CheckIn": (
        lambda row, owner: [reverse("checkins:history"), reverse("home:person", args=[owner.pk])],
        ["A note of a hard day"],
    ),
    "Measure": (
        lambda row, owner: [
            reverse("checkins:measure_weeks"),
            reverse("checkins:measure_history", args=[owner.pk]),
        ],
        ["5 of 7 days"],
    ),
    "Booking": (
        lambda row, owner: [reverse("groups:session_detail", args=[row.session_id])],
        ["You were on the list", "<b>Sam</b>"],
    ),
    "Attendance": (
        lambda row, owner: [reverse("groups:attendance", args=[row.session_id])],
        [],
    ),
    "Reply": (
        lambda row, owner: [reverse("journal:shared_page", args=[row.share_id])],
        ["Words of an answer"],
    ),
    "Share": (
        lambda row, owner: [
            reverse("journal:entry_detail", args=[row.entry_id]),
            reverse("journal:shared_page", args=[row.pk]),
        ],
        ["A page of a hard day"],
    ),
    "User": (
        lambda row, owner: [reverse("home:person", args=[owner.pk]), reverse("accounts:profile")],
        [],
    ),
    "Notification": (lambda row, owner: [reverse("notifications:notice", args=[row.pk])], []),
}
# Who reads the row on another page than these.
ELSEWHERE = {"Attendance": {"sam", "ana"}, "Reply": {"sam"}}


@pytest.mark.parametrize(
    ("name", "owner"),
    [*((name, "sam") for name in sorted(PAGES)), ("Entry", "gone"), ("Notification", "gone")],
)
def test_a_request_answers_those_whom_the_line_names(people, client_of, name, owner):
    row = row_of(name, owner, people)
    paths, words = PAGES[name]
    if name in ("User", "Notification"):
        words = [] if name == "Notification" else [f"<bdi>{people[owner]}</bdi>", f"<h1>{people[owner]}</h1>"]
    answered = set()
    for username, user in people.items():
        for path in paths(row, people[owner]):
            response = client_of(user).get(path)
            text = response.content.decode()
            main = text[text.find("<main") :]
            turned_away = "/accounts/login/" in response.get("Location", "")
            reached = response.status_code in (200, 302) and not turned_away
            if reached and (not words or any(word in main for word in words)):
                answered.add(username)
    assert answered == expected(name, owner) - ELSEWHERE.get(name, set())


def test_an_empty_rule_and_a_closed_account_see_nothing(people):
    sam = people["sam"]
    assert not who.Rule().rows(User.objects.all(), sam).exists()
    sam.is_active = False
    assert not User.objects.visible_to(sam).exists()
    assert not Entry.seen_by.admits(Entry(owner=sam), sam)


def test_a10_who_opened_a_page_in_an_emergency_is_named_for_that_hour(people, frozen):
    sam, dev = people["sam"], people["dev"]
    EmergencyAccess.objects.create(
        client=sam, clinician=dev, reason_sealed=b"", began_at=NOW(), ends_at=NOW() + timedelta(hours=1)
    )
    for row in (CheckIn(client=sam), sam, sam.stays.get()):
        assert "Dev Patel (emergency)" in who.who_can_see(row, reader=sam)
        assert not who.rule_of(row).rows(type(row)._default_manager.all(), dev).filter(pk=row.pk).exists()
    for row in (Entry(owner=sam), Booking(client=sam, session=session_of(people))):
        assert "Dev" not in who.who_can_see(row, reader=sam)
    frozen.shift(timedelta(hours=1))
    assert "Dev" not in who.who_can_see(CheckIn(client=sam), reader=sam)


@pytest.mark.parametrize(
    ("before_start", "opens"),
    [
        (timedelta(hours=24, seconds=1), False),
        (timedelta(hours=24), True),
        (-timedelta(days=7, minutes=59), True),
        (-timedelta(days=7, minutes=60), False),  # the session lasts an hour
    ],
)
@pytest.mark.parametrize("name", ["Attendance", "Booking"])
def test_b9_a_substitute_reads_it_around_the_session_alone(people, frozen, name, before_start, opens):
    row, stands_in = row_of(name, "sam", people), people["stands_in"]
    frozen.move_to(row.session.starts_at - before_start)
    rule = who.rule_of(row)
    assert type(row).objects.visible_to(stands_in).filter(pk=row.pk).exists() is opens
    assert (stands_in in rule.readers(row)) is opens
    assert rule.admits(row, stands_in) is opens
    assert ("Stands Now" in who.who_can_see(row, reader=people["sam"])) is opens
    assert people["leader"] in rule.readers(row)


def test_the_line_costs_one_query_and_that_of_ones_own_rows_none(people, django_assert_num_queries):
    sam = people["sam"]
    with django_assert_num_queries(1):
        assert who.who_can_see(sam, reader=sam) == "You, Ana Ruiz and the managers can see this."
    with django_assert_num_queries(0):
        assert who.who_can_see(ReminderPlan(client=sam), reader=sam) == "Only you can see this."
    with django_assert_num_queries(0):
        assert who.who_can_see_each(Booking, reader=sam) == (
            "You, your care team and those who lead the session can see this."
        )


def test_a_client_reads_a_plain_condition_and_no_join(people):
    """The rows of one person are found without asking for any team."""
    sql = str(CheckIn.objects.visible_to(people["sam"]).query)
    assert "JOIN" not in sql
    assert sql.count("SELECT") == 1
    everybody = str(User.objects.visible_to(people["mara"]).query)
    assert "JOIN" not in everybody
    assert everybody.count("SELECT") == 1
