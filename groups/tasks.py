from celery import shared_task
from django.utils import timezone

from groups import unrecorded
from groups.models import Encouragement, Series, Session


@shared_task(name="groups.lay_out")
def lay_out() -> int:
    return Series.objects.lay_out(timezone.now())


@shared_task(name="groups.ask_for_sheets")
def ask_for_sheets() -> int:
    return unrecorded.ask_for_sheets(timezone.now())


@shared_task(name="groups.expect")
def expect() -> int:
    return Session.objects.expect_people(timezone.now())


@shared_task(name="groups.turn_waitlists")
def turn_waitlists() -> int:
    return Session.objects.turn_waitlists(timezone.now())


@shared_task(name="groups.forget_encouragements")
def forget_encouragements() -> int:
    return Encouragement.objects.forget_old(timezone.now())
