from celery import shared_task
from django.utils import timezone

from accounts.models import AuditSeal, Invitation, OutreachTask, Unsent
from accounts.sign_in import devices


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    devices.clear(now=timezone.now())


@shared_task(name="accounts.seal_records")
def seal_records() -> None:
    AuditSeal.objects.seal(now=timezone.now())


@shared_task(name="accounts.forget_labels")
def forget_labels() -> None:
    Invitation.objects.forget_labels(timezone.now())


@shared_task(name="accounts.forget_unsent")
def forget_unsent() -> None:
    Unsent.objects.forget(timezone.now())


@shared_task(name="accounts.call_next")
def call_next() -> int:
    return OutreachTask.objects.call_next(timezone.now())
