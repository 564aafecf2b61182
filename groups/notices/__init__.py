"""What this app tells people through the outbox: ids, never content."""

from groups.notices import leaders, moving, places, standing_in
from groups.notices.leaders import HANDED_OVER, LEADS, post_handed_over, post_leads
from groups.notices.moving import MOVED, post_moved
from groups.notices.places import CANCELLED, PLACE, post_cancelled, post_place
from groups.notices.standing_in import LED_BY_ANOTHER, STOOD_IN, post_to_leader

__all__ = [
    "CANCELLED",
    "HANDED_OVER",
    "LEADS",
    "LED_BY_ANOTHER",
    "MOVED",
    "PLACE",
    "STOOD_IN",
    "post_cancelled",
    "post_handed_over",
    "post_leads",
    "post_moved",
    "post_place",
    "post_to_leader",
    "register",
]


def register() -> None:
    for part in (places, leaders, moving, standing_in):
        part.register()
