"""The line that says who can read a page: from the same rule that decides it."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.who import who_can_see
from journal.models import Entry, Share, SharedCopy


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


def who_reads_shared(share: Share, *, viewer: User) -> str:
    """Who reads the copy, said to the reader; and that the writer sees when (J3)."""
    copy = SharedCopy(share_id=share.pk, owner_id=share.client_id)
    seen = _("%(name)s sees when you opened it.") % {"name": share.client}
    return f"{who_can_see(copy, reader=viewer)} {seen}"
