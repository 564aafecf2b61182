"""Two pages of Sam's journal that Ana may read: one she read and answered, one that waits for her."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from accounts.models import User
from journal.models import Entry, Share
from notifications.models import Notification

READ, UNREAD = 7, 1  # the days ago on which the pages were written
ANSWER = (
    "Thank you for letting me read this. I came in late that morning and found my chair standing there, and "
    "did not know that it was you.\n\nWould you like to do it again on Thursday? I would carry half of them."
)


def seed(people: dict[str, User], now: datetime) -> None:
    """Adds what is not there yet; a second run adds nothing."""
    sam, ana = people.get("sam"), people.get("ana")
    if not sam or not ana or Share.objects.visible_to(sam).exists():
        return
    share(sam, ana, days_ago=UNREAD, at=now - timedelta(hours=3))
    at = now - timedelta(days=READ) + timedelta(hours=2)
    answered = share(sam, ana, days_ago=READ, at=at)
    answered.opened(by=ana, now=at + timedelta(hours=20))
    token = uuid5(NAMESPACE_URL, "journal/sam/answer")
    answered.answer(ANSWER, by=ana, client_token=token, now=at + timedelta(hours=20, minutes=10))
    read_in_the_app(now)


def read_in_the_app(now: datetime) -> None:
    """A demo that has just begun writes to nobody."""
    waiting = Notification.objects.filter(state=Notification.State.DUE, kind__startswith="journal.")
    waiting.update(state=Notification.State.NOTED, shown_at=now)


def share(writer: User, reader: User, *, days_ago: int, at: datetime) -> Share:
    token = uuid5(NAMESPACE_URL, f"journal/{writer.username}/{days_ago}")
    entry = Entry.objects.visible_to(writer).get(client_token=token)
    return entry.share(with_=reader, by=writer, revision=entry.revision, now=at)
