"""Words of a search after which a person should see first where somebody answers (H1), whatever we find.

Not kept, not counted and told to nobody: the page only puts the help lines on top. Common ways to say it, in
plain English; for the program to confirm and to add to.
"""

import re

from faq.folding import fold

SELF = r"(?:me|my ?self)"
SAID = re.compile(
    r" (?:suicid\w*|overdos\w*|od|emergency|crisis|abus\w*|rape\w*|die|dying|dead"
    rf"|(?:kill|hurt|cut|harm|hang)\w* {SELF}|self ?harm\w*|(?:beat|hit)\w* me"
    r"|(?:end|take|taking) my (?:own )?life|end it(?: all)?|want\w* to disappear"
    r"|no reason to live|cant go on|can not go on|cannot go on)(?= |$)"
)


def is_heard(text: str) -> bool:
    return bool(SAID.search(" " + " ".join(fold(text).split())))
