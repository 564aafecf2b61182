from celery import shared_task
from django.utils import timezone

from journal.models import Entry


@shared_task(name="journal.erase_deleted")
def erase_deleted() -> int:
    return Entry.objects.erase_deleted(timezone.now())
