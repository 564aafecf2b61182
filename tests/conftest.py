"""The cast: Sam and Noor are clients, Ana is Sam's clinician, Dev is not, Eli edits, Mara manages."""

import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from xdist.scheduler import LoadScopeScheduling

from accounts import append_only
from accounts.models import CareTeamMember, Stay, User
from accounts.roles import Role
from checkins.explanation import VERSION
from checkins.models import Acceptance
from journal import remembered
from journal.models import Entry, Page
from recovery_site.home import known_lines
from recovery_site.home.default_lines import DEFAULT_LINES
from recovery_site.home.models import HelpLine
from tests import product
from tests.journal.questions import SHIPPED

TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 10:00 in New York


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["tests.quick_hasher.QuickHasher", *settings.PASSWORD_HASHERS[1:]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Faults come first: they wait for minutes of the clock, in which the other workers get on."""
    items.sort(key=lambda item: "faults" not in item.path.parts)


class SharedProducts(LoadScopeScheduling):
    """What shares a served product stays on one worker; any other test goes where a worker is free."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path.startswith("tests/faults/"):
            return "faults"
        shares = path.startswith("tests/browser/") and not path.endswith("/test_pages.py")
        return path if shares else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedProducts:
    """Not the marks of --dist loadgroup, which this pytest-xdist cannot read from pytest 9.2."""
    return SharedProducts(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a test measured is part of what a run says."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(str(value))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):  # once for all workers
        product.drop_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests with transactions of their own empty the tables: the guards are off, but in their own tests."""
    with django_db_blocker.unblock():
        assert append_only.missing() == []
        append_only.remove()


@pytest.fixture
def guarded(db) -> None:
    """The tables that are only added to refuse everything else, as they do outside the tests."""
    append_only.install()


@pytest.fixture(autouse=True)
def known_questions():
    """Each test begins as a process that runs for a while: it knows the questions and the help lines that
    came with the product (journal.remembered, home.known_lines). Tests with transactions of their own empty
    the tables, so they are not asked here."""
    remembered.remember(SHIPPED)
    known_lines.remember(tuple(HelpLine(**line) for line in DEFAULT_LINES[: known_lines.BESIDE]))
    yield
    remembered.clear()
    known_lines.clear()


@pytest.fixture
def frozen():
    """Time stands still on a Tuesday morning of the program's zone."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def no_tries_left_over(request, django_db_blocker):
    """Wrong passwords are counted in the cache, whose table is not emptied after tests with transactions of
    their own: what they counted would keep people of the next tests out."""
    yield
    marked = request.node.get_closest_marker("django_db")
    if (marked and marked.kwargs.get("transaction")) or "live_server" in request.fixturenames:
        with django_db_blocker.unblock():
            cache.clear()


def person(username: str, role: Role, name: str, pronouns: str) -> User:
    # No password: hashing one takes longer than most tests.
    return User.objects.create(
        username=username, role=role, chosen_name=name, pronouns=pronouns, email=f"{username}@people.example"
    )


@pytest.fixture
def sam(db) -> User:
    sam = person("sam", Role.CLIENT, "Sam", "they, them")
    Stay.objects.create(client=sam, admitted_on=date(2026, 11, 7), bed="Elm 2")
    Acceptance.objects.accept(by=sam, version=VERSION, now=timezone.now())
    return sam


@pytest.fixture
def noor(db) -> User:
    noor = person("noor", Role.CLIENT, "Noor", "she, her")
    Stay.objects.create(client=noor, admitted_on=date(2026, 11, 16), bed="Elm 3")
    Acceptance.objects.accept(by=noor, version=VERSION, now=timezone.now())
    return noor


@pytest.fixture
def luz(db) -> User:
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


@pytest.fixture
def ana(sam) -> User:
    ana = person("ana", Role.CLINICIAN, "Ana Ruiz", "she, her")
    # Before anything that a test shares, whether its clock stands still already or not.
    since = TUESDAY - timedelta(days=14)
    CareTeamMember.objects.create(client=sam, clinician=ana, is_primary=True, started_at=since)
    return ana


@pytest.fixture
def dev(db) -> User:
    return person("dev", Role.CLINICIAN, "Dev Patel", "he, him")


@pytest.fixture
def eli(db) -> User:
    return person("eli", Role.EDITOR, "Eli Brook", "")


@pytest.fixture
def mara(db) -> User:
    return person("mara", Role.MANAGER, "Mara Lind", "she, her")


@pytest.fixture
def cast(sam, noor, ana, dev, eli, mara) -> dict[str, User]:
    return {user.username: user for user in (sam, noor, ana, dev, eli, mara)}


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which this person is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def again() -> Callable[[Client, User], Client]:
    """The person has just shown once more that it is them (accounts.gates.recently_signed_in)."""

    def reauthenticated(client: Client, user: User) -> Client:
        session = client.session
        record = {"method": "password", "at": time.time(), "reauthenticated": True}
        session["account_authentication_methods"] = [record]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        return client

    return reauthenticated
