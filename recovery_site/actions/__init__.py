"""What touches every app: one function each, keyword-only, with who does it and when."""

from recovery_site.actions.bringing import bring, places_to_bring_to
from recovery_site.actions.closing import close_departed, tell_before_closing
from recovery_site.actions.departure import (
    Refused,
    discharge,
    effects_of_leaving,
    record_death,
)
from recovery_site.actions.erasure import erase, finish_erasures
from recovery_site.actions.export import export
from recovery_site.actions.reach_outs import (
    hand_over_reach_outs,
    in_hands_for,
    people_unread,
    waiting_of,
    who_can_take,
)
from recovery_site.actions.readmission import readmit

__all__ = [
    "Refused",
    "bring",
    "close_departed",
    "discharge",
    "effects_of_leaving",
    "erase",
    "export",
    "finish_erasures",
    "hand_over_reach_outs",
    "in_hands_for",
    "people_unread",
    "places_to_bring_to",
    "readmit",
    "record_death",
    "tell_before_closing",
    "waiting_of",
    "who_can_take",
]
