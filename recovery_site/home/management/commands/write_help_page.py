from typing import Any

from django.core.management.base import BaseCommand

from recovery_site.home import help_page


class Command(BaseCommand):
    help = "Writes the help page as a file that can be served without a database."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(help_page.write()))
