import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import pyrage

from tests import environment  # noqa: F401 - the keys of the tests, before the settings are read


def main(version: str) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from recovery_site.backup.making import back_up
    from tests import cast, upgrades, world

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with transaction.atomic():
        world.build(cast.everybody())
    identity = pyrage.x25519.Identity.from_str(upgrades.IDENTITY.read_text().split()[-1])
    settings.BACKUP_RECIPIENT = str(identity.to_public())
    with TemporaryDirectory() as folder:
        made = back_up(Path(folder), timezone.now())
        made.rename(upgrades.FOLDER / f"{version}-{connection.vendor}.tar.age")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "recovery_site.settings"
    django.setup()
    main(sys.argv[1])
