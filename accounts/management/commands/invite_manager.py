from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation
from accounts.roles import Role


class Command(BaseCommand):
    help = (
        "Prints an address at which one person can become a manager: the first one, or in an emergency (A9)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--first", action="store_true", help="only where nobody is a manager or invited to be one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["first"] and not Invitation.objects.lacks_manager(timezone.now()):
            return
        invitation, token = Invitation.objects.issue(role=Role.MANAGER, by=None, now=timezone.now())
        address = settings.SITE_URL + reverse("accounts:invitation", args=[token])
        until = timezone.localtime(invitation.expires_at)
        self.stdout.write(
            f"Open this once, before {until:%A, %d %B %Y, %H:%M %Z}. It is not shown again.\n{address}"
        )
