"""The cast of all tests (tests.cast), and what every test begins with."""

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from xdist.scheduler import LoadScopeScheduling

from accounts import append_only
from accounts.models import User
from journal import remembered
from recovery_site.home import known_lines
from recovery_site.home.default_lines import DEFAULT_LINES
from recovery_site.home.models import HelpLine, House
from tests import cast as people
from tests import product, world
from tests.cast import TUESDAY
from tests.journal.questions import SHIPPED


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["tests.quick_hasher.QuickHasher", *settings.PASSWORD_HASHERS[1:]]


# How a page looks and what its markup may do is the same on each database: asked on SQLite alone.
LOOKS = ("test_pages.py", "test_hostile.py", "test_public_quality.py", "test_print.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Faults come first: they wait for minutes of the clock, in which the other workers get on."""
    if product.DATABASE_URL:
        looks = [item for item in items if "browser" in item.path.parts and item.path.name in LOOKS]
        config.hook.pytest_deselected(items=looks)
        items[:] = [item for item in items if item not in looks]
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
def django_db_keepdb(django_db_modify_db_settings) -> bool:
    """The database of this worker is there already, with every table."""
    product.copy_tables(connection.creation._get_test_db_name())
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests with transactions of their own empty the tables: the guards are off, but in their own tests."""
    with django_db_blocker.unblock():
        assert append_only.missing() == []
        append_only.remove()
    yield
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(verbosity=0)


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
    known_lines.remember(tuple(HelpLine(**line) for line in DEFAULT_LINES[: known_lines.BESIDE]), House())
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


@pytest.fixture
def sam(db) -> User:
    return people.sam()


@pytest.fixture
def noor(db) -> User:
    return people.noor()


@pytest.fixture
def luz(db) -> User:
    return people.luz()


@pytest.fixture
def ana(sam) -> User:
    return people.ana(sam)


@pytest.fixture
def dev(db) -> User:
    return people.dev()


@pytest.fixture
def eli(db) -> User:
    return people.eli()


@pytest.fixture
def mara(db) -> User:
    return people.mara()


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """One of everything, built once for the tests of a file that only look, or undo what they do."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build(people.everybody())
        transaction.set_rollback(True)


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
