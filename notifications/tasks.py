from celery import shared_task

from notifications import delivery


@shared_task(name="notifications.deliver")
def deliver() -> int:
    return delivery.deliver()
