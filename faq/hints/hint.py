from typing import Any, NamedTuple


class Hint(NamedTuple):
    """Something to look at: `found` within `sentence`, what to do, and why."""

    kind: str  # "words", "plain", "shape" or "claim"
    found: str
    sentence: str
    say: Any  # words of ours, translated
    why: Any = ""
