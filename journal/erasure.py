"""What the journal forgets of a person (A8)."""

from datetime import datetime

from accounts.models import User
from journal.models import Draft, Entry, Narrative, OnThisDay, Reply


def forget(client: User, now: datetime) -> None:
    Reply.objects.filter(client=client).delete()
    Narrative.objects.filter(client=client).delete()
    Draft.objects.filter(owner=client).delete()
    OnThisDay.objects.filter(owner=client).delete()
    Entry.objects.filter(owner=client).delete()
