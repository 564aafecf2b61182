"""What the journal forgets of a person (A8)."""

from datetime import datetime

from accounts.models import User
from journal.models import Entry


def forget(client: User, now: datetime) -> None:
    Entry.objects.filter(owner=client).delete()
