from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recovery_site import database_role


class Command(BaseCommand):
    help = "Lets the role of DATABASE_URL read and write rows, and change no table (PostgreSQL)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(database_role.grant())
        except database_role.Refused as refusal:
            raise CommandError(str(refusal)) from None
