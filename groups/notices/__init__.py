"""What this app tells people through the outbox: ids, never content."""

from groups.notices import (
    after,
    calling_off,
    edits,
    leaders,
    members,
    moving,
    offers,
    places,
    resting,
    standing_in,
)
from groups.notices.after import MISSED, SHEET, post_missed, post_sheet
from groups.notices.calling_off import TAKES_PLACE, post_cancelled, post_takes_place
from groups.notices.edits import NEEDS_PLACE, moved_again, post_lost, post_reopened
from groups.notices.leaders import HANDED_OVER, LEADS, post_handed_over, post_leads
from groups.notices.members import post_member, post_membership_ends, post_not_now, post_request
from groups.notices.moving import MOVED, post_moved
from groups.notices.offers import (
    OFFER,
    OFFER_ENDED,
    lay_down_offers,
    post_line_ended,
    post_offers,
    post_offers_ended,
    shorten_offers,
)
from groups.notices.places import CANCELLED, PLACE, post_place
from groups.notices.resting import MEETS_AGAIN, RESTS, go_on_resting, post_meets_again, post_rests
from groups.notices.standing_in import (
    LED_BY_ANOTHER,
    PLAN_CHANGED,
    STOOD_IN,
    post_plan_changed,
    post_to_leader,
)

__all__ = [
    "CANCELLED",
    "HANDED_OVER",
    "LEADS",
    "LED_BY_ANOTHER",
    "MEETS_AGAIN",
    "MISSED",
    "MOVED",
    "NEEDS_PLACE",
    "OFFER",
    "OFFER_ENDED",
    "PLACE",
    "PLAN_CHANGED",
    "RESTS",
    "SHEET",
    "STOOD_IN",
    "TAKES_PLACE",
    "go_on_resting",
    "lay_down_offers",
    "moved_again",
    "post_cancelled",
    "post_handed_over",
    "post_leads",
    "post_line_ended",
    "post_lost",
    "post_meets_again",
    "post_member",
    "post_membership_ends",
    "post_missed",
    "post_moved",
    "post_not_now",
    "post_offers",
    "post_offers_ended",
    "post_place",
    "post_plan_changed",
    "post_reopened",
    "post_request",
    "post_rests",
    "post_sheet",
    "post_takes_place",
    "post_to_leader",
    "register",
    "shorten_offers",
]


def register() -> None:
    for part in (after, members, places, offers, leaders, moving, edits, standing_in, calling_off, resting):
        part.register()
