"""Sign-in names that tell nobody who somebody is: "river-7" (security design, 3.6)."""

import secrets

from accounts.models import User

WORDS = (
    *("acorn", "alder", "amber", "aspen", "birch", "bramble", "brook", "cedar", "clover", "comet", "coral"),
    *("dune", "ember", "fern", "finch", "fjord", "glade", "harbor", "hazel", "heron", "juniper", "lagoon"),
    *("lantern", "lark", "linden", "maple", "meadow", "moss", "otter", "pebble", "pine", "plover", "quartz"),
    *("reed", "river", "robin", "sage", "sparrow", "summit", "thistle", "tide", "valley", "willow", "wren"),
)
TRIES = 12


def suggestion() -> str:
    """One that nobody has just now; the number grows when the short ones are taken."""
    for most in (9, 99, 9999):
        offered = [f"{secrets.choice(WORDS)}-{secrets.randbelow(most) + 1}" for _try in range(TRIES)]
        taken = set(User.objects.filter(username__in=offered).values_list("username", flat=True))
        if free := [name for name in offered if name not in taken]:
            return free[0]
    return f"{secrets.choice(WORDS)}-{secrets.token_hex(4)}"
