from celery import shared_task
from django.utils import timezone

from journal.models import Entry, Share


@shared_task(name="journal.erase_deleted")
def erase_deleted() -> int:
    return Entry.objects.erase_deleted(timezone.now())


@shared_task(name="journal.end_shares")
def end_shares() -> int:
    return Share.objects.end_over(timezone.now())
