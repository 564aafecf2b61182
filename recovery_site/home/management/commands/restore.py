from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from recovery_site.backup import Refused, erased
from recovery_site.backup.restoring import Found, restore, verify


class Command(BaseCommand):
    help = "Brings a backup into an empty database, or with --verify only proves that it could."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, required=True, help="The file with AGE-SECRET-KEY-1…")
        parser.add_argument(
            "--erased",
            type=Path,
            action="append",
            default=[],
            help="More lists of who was erased, beside those next to the file and in DATA_DIR.",
        )
        parser.add_argument("--verify", action="store_true", help="In a database that goes again.")

    def handle(self, *args: Any, file: Path, identity: Path, **options: Any) -> None:
        if missing := [str(path) for path in options["erased"] if not path.exists()]:
            raise CommandError(f"{missing[0]} is not there.")
        lists = [file.with_name(erased.NAME), erased.path(), *options["erased"]]
        act = verify if options["verify"] else restore
        try:
            found = act(file, identity, lists, timezone.now())
        except Refused as error:
            raise CommandError(f"{error} Nothing was changed.") from None
        except (OSError, Error) as error:
            raise CommandError(f"It was cut short: {str(error).splitlines()[0]}") from None
        self.stdout.write(told(found))
        self.stdout.write("It can be restored." if options["verify"] else "Restored. Run bin/set-up next.")


def told(found: Found) -> str:
    made_at, rows = found.manifest.moment, found.manifest.rows
    return (
        f"Made {made_at:%Y-%m-%d %H:%M} UTC: {len(rows)} tables, {sum(rows.values()):,} rows.\n"
        f"{found.texts} texts, chosen by chance, were opened and forgotten.\n"
        f"{len(found.manifest.seals)} newest seals of the record hold.\n"
        f"{found.erased} people who had been erased since are erased again."
    )
