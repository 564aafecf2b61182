"""Words that have a shorter sister, and sentences that are too long for a tired reader.

After the plain-language guidelines of the United States (plainlanguage.gov) and the writing advice of the
National Institutes of Health; the list is ours. Figures: the house aims for the sixth school year.
"""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from faq.hints.blocks import words
from faq.hints.hint import Hint
from faq.hints.syllables import syllables

LONGEST_SENTENCE = 25  # words
MOST_SYLLABLES = 4
MOST_LONG_WORDS = 5  # named, of those that no list knows

TABLE = {
    "accommodate": "make room for",
    "additional": "more",
    "additionally": "also",
    "adverse": "harmful",
    "anticipate": "expect",
    "approximately": "about",
    "ascertain": "find out",
    "assist": "help",
    "assistance": "help",
    "attain": "reach",
    "cessation": "stopping",
    "cognizant": "aware",
    "commence": "start",
    "comorbidity": "more than one illness",
    "concerning": "about",
    "consequently": "so",
    "demonstrate": "show",
    "discontinue": "stop",
    "due to the fact that": "because",
    "endeavor": "try",
    "facilitate": "help, make easier",
    "facility": "house, place",
    "for the purpose of": "to, for",
    "frequently": "often",
    "furthermore": "also",
    "has the ability to": "can",
    "implement": "start, carry out",
    "in accordance with": "as … says",
    "in order to": "to",
    "in the event that": "if",
    "individual": "person",
    "individuals": "people",
    "initiate": "start",
    "inquire": "ask",
    "interpersonal": "between people",
    "methodology": "way",
    "modality": "way, kind of help",
    "modify": "change",
    "numerous": "many",
    "obtain": "get",
    "optimal": "best",
    "participate": "take part",
    "permit": "let",
    "pharmacotherapy": "medicine",
    "possess": "have",
    "prior to": "before",
    "prioritize": "put first",
    "psychoeducation": "learning about it",
    "psychosocial": "of mind and daily life",
    "purchase": "buy",
    "regarding": "about",
    "require": "need",
    "residence": "home",
    "subsequently": "later",
    "sufficient": "enough",
    "terminate": "end",
    "therapeutic modality": "kind of help",
    "transpire": "happen",
    "utilization": "use",
    "utilize": "use",
    "with regard to": "about",
}
ENDINGS = r"(?:s|d|ed|ing)?"
FINDER = re.compile(
    rf"\b({'|'.join(sorted(map(re.escape, TABLE), key=len, reverse=True))}){ENDINGS}\b"
    rf"|\b(facilitat|utiliz|initiat|terminat|demonstrat|participat|anticipat|accommodat|prioritiz)(?:ed|ing|es)\b",
    re.IGNORECASE,
)
DONE = r"\w+ed|given|taken|seen|shown|told|made|done|known|written|chosen|sent|led|held|kept"
PASSIVE = re.compile(rf"\b(?:is|are|was|were|been|being|be) (?:\w+ly )?(?:{DONE}) by\b")


def shorter(sentence: str) -> Iterator[Hint]:
    for match in FINDER.finditer(sentence):
        known = match[1] or next(word for word in TABLE if word.startswith(match[2].lower()))
        say = _("Say “%(words)s”.") % {"words": TABLE[known.lower()]}
        yield Hint("plain", match[0], sentence, say, _("A shorter word is read by more people."))


def too_long(sentence: str) -> Iterator[Hint]:
    count = len(words(sentence))
    if count > LONGEST_SENTENCE:
        say = _("Make two sentences of it, or more.")
        why = _("It has %(count)d words. Up to %(most)d are easy to hold in mind.")
        yield Hint("plain", "", sentence, say, why % {"count": count, "most": LONGEST_SENTENCE})


def passive(sentence: str) -> Iterator[Hint]:
    if match := PASSIVE.search(sentence):
        say = _("Begin with who does it.")
        yield Hint("plain", match[0], sentence, say, _("It is easier to see who does what."))


def long_words(all_sentences: Sequence[str]) -> list[Hint]:
    """The first few; each once."""
    found: dict[str, Hint] = {}
    why = _("It has more than %(most)d syllables.") % {"most": MOST_SYLLABLES}
    for sentence in all_sentences:
        for word in words(sentence):
            if word.lower() not in found and syllables(word) > MOST_SYLLABLES and not FINDER.search(word):
                found[word.lower()] = Hint("plain", word, sentence, _("Is there a shorter word?"), why)
    return list(found.values())[:MOST_LONG_WORDS]
