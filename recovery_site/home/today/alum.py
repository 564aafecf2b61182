from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from faq.models import Release
from journal.models import Entry
from notifications.models import Notification
from recovery_site.home.models import HelpLine
from recovery_site.home.today import words

ARTICLES_SHOWN = 3
LINES_SHOWN = 3


def compose(alum: User, now: datetime) -> dict[str, Any]:
    """The page of somebody who has left: what is theirs and until when, and where somebody answers (A6)."""
    return {
        "today": timezone.localdate(now),
        "greeting": words.greeting(now.astimezone(alum.zone)),
        "has_news": Notification.objects.visible_to(alum).unread().exists(),
        "last_day": alum.last_day,
        "last_pages": Entry.objects.visible_to(alum).awake().newest_first()[:1].headings(by=alum),
        "lines": HelpLine.objects.active()[:LINES_SHOWN],
        "articles": Release.objects.public(now).articles().newest().for_lists()[:ARTICLES_SHOWN],
    }
