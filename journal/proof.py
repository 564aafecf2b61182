"""Whether what was sealed still opens, for whoever proves a backup. Of the words nothing is kept or told."""

from accounts import vault
from journal.models import Entry
from journal.models.sealed_page import FIELDS


def try_some(most: int) -> tuple[int, int]:
    """How many entries, chosen by chance, were tried, and how many of them did not open."""
    columns = ("pk", "owner_id", "revision", *(f"{name}_sealed" for name in FIELDS))
    rows = Entry.objects.filter(owner__erased_at=None).order_by("?").values_list(*columns)[:most]
    tried = unread = 0
    for pk, owner_id, revision, *sealed in rows:
        tried += 1
        try:
            Entry.open_row(pk, revision, tuple(sealed), vault.key_for(owner_id))
        except vault.Unreadable:
            unread += 1
    return tried, unread
