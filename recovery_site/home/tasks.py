from celery import shared_task
from django.utils import timezone

from recovery_site import actions
from recovery_site.backup import making
from recovery_site.home import ladder


@shared_task(name="home.close_departed")
def close_departed() -> int:
    return actions.close_departed(timezone.now())


@shared_task(name="home.tell_before_closing")
def tell_before_closing() -> None:
    actions.tell_before_closing(timezone.now())


@shared_task(name="home.finish_erasures")
def finish_erasures() -> None:
    actions.finish_erasures(now=timezone.now())


# Not given to another worker while it runs, however long that is.
@shared_task(name="home.back_up", acks_late=False, time_limit=4 * 3600, soft_time_limit=4 * 3600 - 60)
def back_up() -> str:
    return making.nightly(timezone.now())


@shared_task(name="home.climb_ladder")
def climb_ladder() -> int:
    return ladder.climb(timezone.now())
