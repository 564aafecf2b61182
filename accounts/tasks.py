from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts.models import AuditSeal


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    call_command("clearsessions")


@shared_task(name="accounts.seal_records")
def seal_records() -> None:
    AuditSeal.objects.seal(now=timezone.now())
