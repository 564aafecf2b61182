from celery import shared_task
from django.utils import timezone

from faq import forgetting, links


@shared_task(name="faq.forget")
def forget() -> None:
    forgetting.forget(timezone.now())


@shared_task(name="faq.check_links")
def check_links() -> None:
    links.check(timezone.now())
