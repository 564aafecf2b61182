"""Makes the floor's tables and rows, and prints the cookie of a signed-in person."""

import os
from datetime import UTC, datetime, timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.floor.settings"
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.floor.models import Article, Meeting, Room  # noqa: E402

FIRST = datetime(2026, 11, 23, 14, tzinfo=UTC)
SENTENCE = "Recovery happens between people, and a house is a place where people meet. "


def fill() -> str:
    call_command("migrate", verbosity=0)  # the people first: PostgreSQL wants what other tables point to
    call_command("migrate", run_syncdb=True, verbosity=0)
    rooms = Room.objects.bulk_create(Room(name=f"Room {number}") for number in range(6))
    leaders = User.objects.bulk_create(User(username=f"leader{number}") for number in range(6))
    Meeting.objects.bulk_create(
        Meeting(
            title=f"Meeting {number}",
            room=rooms[number % 6],
            leader=leaders[number % 6],
            starts_at=FIRST + timedelta(hours=number),
            ends_at=FIRST + timedelta(hours=number + 1),
            changed_at=FIRST,
        )
        for number in range(500)
    )
    Article.objects.create(slug="between-people", title="Between people", body=SENTENCE * 80)
    visitor = Client()
    visitor.force_login(leaders[0])
    return visitor.cookies["sessionid"].value


if __name__ == "__main__":
    print(fill())
