"""What an older version left is brought up to this one, with every row and every text (row 42)."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from recovery_site.backup import archive, database
from recovery_site.backup.restoring import verify
from tests.upgrades import FOLDER, IDENTITY

pytestmark = pytest.mark.django_db(transaction=True)
HOUSES = sorted(FOLDER.glob(f"*-{connection.vendor}.tar.age"))
OWN = ("accounts", "checkins", "faq", "groups", "home", "journal", "notifications")
# Tables that the last migration brought: a step back takes them, and docs/upgrade.md warns of it.
NEW_TABLES = {"checkins": {"checkins_measure"}, "home": {"home_house"}}


def test_there_is_a_house_of_this_database():
    assert HOUSES != []


@pytest.mark.parametrize("house", HOUSES, ids=lambda path: path.name)
def test_row_42_an_older_house_is_migrated_whole(house):
    found = verify(house, IDENTITY, [], timezone.now())
    assert found.texts > 0
    assert found.manifest.rows["accounts_user"] == 7


@pytest.mark.parametrize("app", OWN)
def test_row_42_the_last_migration_of_each_room_goes_back_and_forth(app, tmp_path):
    """A step back is the way out when a release does harm: no row may go with it."""
    archive.unpack(HOUSES[-1], archive.identities(IDENTITY), tmp_path)
    with database.scratch(tmp_path):
        database.load(tmp_path / archive.DUMP)
        call_command("migrate", verbosity=0)
        before = database.counts()
        last = max(name for room, name in MigrationLoader(None).disk_migrations if room == app)
        previous = max(
            (name for room, name in MigrationLoader(None).disk_migrations if room == app and name < last),
            default="zero",
        )
        try:
            call_command("migrate", app, previous, verbosity=0)
        except IrreversibleError:
            assert database.counts() == before
        call_command("migrate", verbosity=0)
        new = dict.fromkeys(NEW_TABLES.get(app, ()), 0)
        assert database.counts() | new == before | new
