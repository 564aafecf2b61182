"""What a client's calendar costs: a program that asks each hour, mostly to hear that nothing is new (T10)."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from groups.models import CalendarFeed

NAME = "calendar"


def address_of(username: str) -> str:
    """A new one, as it is known only at the moment when it is made."""
    client = User.objects.get(username=username)
    _feed, token = CalendarFeed.objects.renew(client, shows_detail=True, now=timezone.now())
    return reverse("groups:calendar", args=[token])
