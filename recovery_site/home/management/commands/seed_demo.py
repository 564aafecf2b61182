from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from recovery_site.demo import checkins, duty, faq, groups, house, journal, people


class Command(BaseCommand):
    help = "Fills the demo program with people and their days. Adds nothing that is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("It adds people whose password is public. Set DEMO=1 to allow that.")
        now = timezone.now()
        with transaction.atomic():
            everybody = people.seed(now)
            for subject in (house, groups, journal, checkins, faq, duty):
                subject.seed(everybody, now)
        self.stdout.write(
            f"{len(everybody)} people are in the demo program. Their password is {people.PASSWORD}."
        )
