"""The line that says who can read a page: from the same rule that decides it."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.who import who_can_see
from journal.models import Entry


def who_reads(entry: Entry, *, viewer: User) -> str:
    """Who can, and why nobody else is able to (J1)."""
    return (
        who_can_see(entry, reader=viewer)
        + " "
        + _(
            "It is locked in the database and in backups, and no staff screen shows it. "
            "Our server opens it only while you write or read it."
        )
    )
