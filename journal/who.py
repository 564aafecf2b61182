"""The line that says who can read a page: from the same rule that decides it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.who import who_can_see
from journal.models import Entry, Share, SharedCopy


def who_reads(entry: Entry, *, viewer: User, copies: Sequence[User] = (), any_copy: bool = False) -> str:
    """Who can, and why nobody else is able to (J1).

    `copies` are those who can read a copy of this page, `any_copy` says that some page has such a reader.
    """
    who = who_can_see(entry, reader=viewer, readers=[viewer, *copies] if copies else None)
    if not copies and not any_copy:
        return (
            who
            + " "
            + _(
                "It is locked in the database and in backups, and no staff screen shows it. "
                "Our server opens it only while you write or read it."
            )
        )
    if copies:
        shared = _("What others see is the copy that you shared.")
    else:
        shared = _("Where you shared a page, its reader can see the copy.")
    locked = _(
        "All of it is locked in the database and in backups, and no other staff screen shows it. "
        "Our server opens it only while one of you writes or reads."
    )
    return f"{who} {shared} {locked}"


def who_reads_shared(share: Share, *, viewer: User) -> str:
    """Who reads the copy, said to the reader; and that the writer sees when (J3)."""
    copy = SharedCopy(share_id=share.pk, owner_id=share.client_id)
    seen = _("%(name)s sees when you opened it.") % {"name": share.client}
    return f"{who_can_see(copy, reader=viewer)} {seen}"
