"""English words without their endings, after M. F. Porter, "An algorithm for suffix stripping" (1980).

Our own, so that both databases are asked for the same words: what they bring for it differs.
"""

from functools import lru_cache

KNOWN = 20_000  # words whose stem a process remembers
VOWELS = "aeiou"
SECOND_STEP = """
ational:ate tional:tion enci:ence anci:ance izer:ize abli:able alli:al entli:ent eli:e ousli:ous ization:ize
ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble
"""
THIRD_STEP = "icate:ic ative: alize:al iciti:ic ical:ic ful: ness:"
FOURTH_STEP = "al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize"
SECOND, THIRD = (dict(pair.split(":") for pair in step.split()) for step in (SECOND_STEP, THIRD_STEP))
FOURTH = frozenset(FOURTH_STEP.split())
LONGEST = 7  # letters of an ending


@lru_cache(KNOWN)
def stem(word: str) -> str:
    """Words that are not English letters stay as they are."""
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    word = _without_past(_without_plural(word))
    if word.endswith("y") and "v" in _shape(word[:-1]):
        word = word[:-1] + "i"
    return _without_last_e(_derived(word))


def _shape(word: str) -> str:
    """ "cvc" for "you" and "say" alike: y is a vowel behind a consonant."""
    shape = ""
    for letter in word:
        vowel = letter in VOWELS or (letter == "y" and shape.endswith("c"))
        shape += "v" if vowel else "c"
    return shape


def _measure(word: str) -> int:
    return _shape(word).count("vc")


def _is_short(word: str) -> bool:
    """Ends like "hop": an e may have stood behind it."""
    return _shape(word)[-3:] == "cvc" and word[-1] not in "wxy"


def _without_plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _without_past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    root = word.removesuffix("ed") if word.endswith("ed") else word.removesuffix("ing")
    if root == word or "v" not in _shape(root):
        return word
    if root.endswith(("at", "bl", "iz")):
        return root + "e"
    if root[-1] == root[-2:-1] and _shape(root)[-1] == "c" and root[-1] not in "lsz":
        return root[:-1]
    return root + "e" if _measure(root) == 1 and _is_short(root) else root


def _derived(word: str) -> str:
    for endings in (SECOND, THIRD, SECOND):  # once more than Porter, so that loneliness is near to lonely
        for length in range(min(LONGEST, len(word)), 1, -1):
            if (ending := word[-length:]) in endings:
                root = word[:-length]
                word = root + endings[ending] if _measure(root) else word
                break
    for length in range(min(5, len(word)), 1, -1):
        if (ending := word[-length:]) in FOURTH:
            root = word[:-length]
            goes = _measure(root) > 1 and (ending != "ion" or root.endswith(("s", "t")))
            return root if goes else word
    return word


def _without_last_e(word: str) -> str:
    if word.endswith("e"):
        measure = _measure(word[:-1])
        if measure > 1 or (measure == 1 and not _is_short(word[:-1])):
            word = word[:-1]
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word
