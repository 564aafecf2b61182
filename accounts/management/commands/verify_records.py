from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import append_only, vault
from accounts.models import AuditSeal


class Command(BaseCommand):
    help = (
        "Compares the audit and the log of looks with their seals, and names the first row that was changed,"
        " is missing or was put in later. It cannot tell what was done to rows since the last seal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--digest",
            action="append",
            default=[],
            help="A digest from a log kept elsewhere. It must be among the seals, else the end was cut off.",
        )

    def handle(self, *args: Any, digest: list[str], **options: Any) -> None:
        seals = AuditSeal.objects.all()
        try:
            for fault in seals.faults():
                raise CommandError(str(fault))
        except vault.Unreadable as error:
            raise CommandError(f"{error}: what it sealed cannot be compared") from error
        if lost := [text for text in digest if not seals.has_digest(text)]:
            raise CommandError(f"no seal has the digest {lost[0]}: the last seals are gone")
        if off := append_only.missing():
            raise CommandError(f"the database does not refuse changes: {off[0]} is missing")
        self.stdout.write(f"{seals.count()} seals hold. Rows since the last seal are not covered.")
