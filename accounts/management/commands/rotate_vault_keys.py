from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import rotation, vault


class Command(BaseCommand):
    help = (
        "Moves everything to the newest key of VAULT_KEYS. Put the new key first, keep the old one behind it,"
        " restart web, worker and beat, then run this. It may be cut off at any moment, and repeated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--status",
            action="store_true",
            help="Changes nothing: tells what each key holds, and whether it may be taken out.",
        )

    def handle(self, *args: Any, status: bool, **options: Any) -> None:
        if lost := rotation.missing():
            counts = "; ".join(f"{name} holds {said(counts)}" for name, counts in sorted(lost.items()))
            raise CommandError(f"VAULT_KEYS lacks a key that is needed: {counts}. Nothing was changed.")
        if not status:
            self.stdout.write(f"Moved to {vault.newest_key_name()}: {said(rotation.rotate())}.")
            for table in vault.key_tables():
                table.sweep()
        self.tell()
        if not status and (left := rotation.unmovable()):
            raise CommandError(f"What does not open stays as it is: {said(left)}. The log names each.")

    def tell(self) -> None:
        held, needed = rotation.held(), rotation.needed(timezone.now())
        for name in vault.encryption_keys():
            own, others = held.get(name, Counter()), needed.get(name, Counter())
            self.stdout.write(f"{name} holds {said(own + others)}. {verdict(name, own, others)}")


def said(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "nothing"


def verdict(name: str, held: Counter[str], needed: Counter[str]) -> str:
    if name == vault.newest_key_name():
        return "It seals what is written now."
    if held:
        return "It is needed: run manage.py rotate_vault_keys."
    if needed[rotation.MAILED]:
        return "It opens no text any more. Keep it until the invitations are over, a week at most."
    if needed[rotation.SEALS]:
        return "It opens no text any more. Keep it, last, while manage.py verify_records is to compare those."
    return "It may be taken out, a day after the rotation: links to confirm an e-mail live so long."
