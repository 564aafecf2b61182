from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from faq.importing import bring_in
from faq.models import Topic


class Command(BaseCommand):
    help = "Makes a draft of each Markdown or text file in a folder. Nothing is published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--by", required=True, help="the user name of the editor whose drafts they will be"
        )
        parser.add_argument("--topic", help="for files that name none")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, name = options["folder"], options["topic"]
        editor = User.objects.filter(username=options["by"], is_active=True).first()
        if editor is None or not editor.has_perm("faq.write"):
            raise CommandError(f"Nobody of the name {options['by']} writes articles here.")
        if not folder.is_dir():
            raise CommandError("There is no such folder.")
        topic = Topic.objects.filter(name__iexact=name).first() if name else None
        if name and topic is None:
            raise CommandError(f"There is no topic {name}.")
        lines = []
        for line in bring_in(folder, by=editor, now=timezone.now(), topic=topic):
            self.stdout.write(f"{line.name}: {line.said}")
            lines.append(line)
        if left := sum(not line.is_in for line in lines):
            raise CommandError(f"{left} of {len(lines)} files were left out.")
