"""What this app tells people through the outbox: ids, never content."""

from groups.notices import leaders, moving, places
from groups.notices.leaders import HANDED_OVER, LEADS, post_handed_over, post_leads
from groups.notices.moving import MOVED, post_moved
from groups.notices.places import CANCELLED, PLACE, post_cancelled, post_place

__all__ = [
    "CANCELLED",
    "HANDED_OVER",
    "LEADS",
    "MOVED",
    "PLACE",
    "post_cancelled",
    "post_handed_over",
    "post_leads",
    "post_moved",
    "post_place",
    "register",
]


def register() -> None:
    for part in (places, leaders, moving):
        part.register()
