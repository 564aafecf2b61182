from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recovery_site.backup import Refused
from recovery_site.backup.making import back_up


class Command(BaseCommand):
    help = "Writes the database into one file, sealed for BACKUP_RECIPIENT, and takes away what is too old."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", default=settings.BACKUP_FOLDER, help="BACKUP_FOLDER")
        parser.add_argument("--new-key", action="store_true", help="Only makes a pair of keys and shows it.")

    def handle(self, *args: Any, folder: str, new_key: bool, **options: Any) -> None:
        if new_key:
            self.show_new_key()
            return
        if not folder:
            raise CommandError("Say in which folder, or set BACKUP_FOLDER.")
        try:
            made = back_up(Path(folder), timezone.now())
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{made} ({made.stat().st_size:,} bytes)")

    def show_new_key(self) -> None:
        identity = pyrage.x25519.Identity.generate()
        self.stdout.write(
            f"BACKUP_RECIPIENT={identity.to_public()}\n\n"
            "Put this line into the environment of the server. Keep the next one away from it, in two\n"
            "places: without it no backup opens, and with it every one does.\n"
        )
        self.stdout.write(str(identity))
