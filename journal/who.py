"""The line that says who can read a page: from the same rule that decides it."""

from django.utils.translation import gettext as _

from accounts.models import User
from journal.models import Entry


def who_reads(entry: Entry, *, viewer: User) -> str:
    """One or two true sentences (J1). Raises ValueError for readers that it has no words for."""
    if entry.reader_ids() != {viewer.pk}:
        raise ValueError("An entry with other readers than its writer needs a line of its own.")
    return _(
        "Only you can read this. It is locked in the database and in backups, and no staff screen shows it. "
        "Our server opens it only while you write or read it."
    )
