"""Claims about health, which need a source or the words "our view" (F4)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from faq.hints.blocks import Reader, sentences

OUR_VIEW = "our view"
CLOSING = "\"'\u201d\u2019)"


def any_of(*patterns: str) -> re.Pattern[str]:
    """Whole words, whatever their case."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


SAYS = r"(?:shows?|shown|says?|said|finds?|found|suggests?|proves?)"
STUDIED = any_of(
    rf"stud(?:y|ies) (?:have |has )?{SAYS}",
    rf"research(?:ers?)?\b.{{0,40}}\b{SAYS}",
    r"(?:experts?|scientists?|doctors) (?:say|agree|know|found|think)",
    r"according to (?:research|studies|science)",
    r"evidence[- ]based|(?:the|strong|some|good) evidence",
    r"scientific(?:ally)?|clinically|(?:is|are|been|was) proven|proves? that|statistics",
)
PERCENT = re.compile(r"\d ?%")
COUNTED = any_of(
    r"per ?cent",
    r"\d+ (?:in|out of) (?:\d+|ten|every)",
    r"(?:one|two|three|four|half|nine) (?:in|out of) (?:every )?(?:three|four|five|ten)",
    r"(?:two|three|four) times as|twice as",
    r"(?:most|half of|a third of|a quarter of) (?:people|patients|men|women|teens) (?:with|who)",
)
DOES = any_of(
    r"(?:reduc|lower|increas|rais|improv|prevent|caus|cur|treat|heal|protect|worsen|trigger|damag)(?:e|es|ed|s|ing)?",
    r"risks?|(?:more|less) likely|effective|linked to|leads? to|side effects?",
    r"dangerous|safe to take|deadly|fatal",
)
HEALTH = any_of(
    r"drink\w*|drugs?|alcohol\w*|opioids?|addict\w*|recover\w*|relaps\w*|crav\w*|withdrawal\w*|overdos\w*",
    r"anxiety|depress\w*|trauma\w*|ptsd|stress\w*|panic|mood|lonel\w*|isolat\w*|suicid\w*",
    r"health\w*|illness\w*|diseases?|disorders?|symptoms?|sleep\w*|insomnia|pain|death|die|dying",
    r"body|bodies|brains?|hearts?|livers?|therap\w*|treatments?|medic\w*|exercise|meditation|vitamins?",
)


class Written(NamedTuple):
    """What of a text matters here."""

    body: str  # cleaned
    sources: str = ""
    summary: str = ""


def claims(text: Written) -> list[str]:
    """The sentences that say something about health, of a text that has neither sources nor "our view"."""
    if text.sources.strip() or OUR_VIEW in text.body.lower():
        return []
    blocks = [block.text for block in Reader(text.body).blocks if not block.is_heading]
    return [sentence for sentence in within([text.summary, *blocks]) if is_claim(sentence)]


def within(blocks: Iterable[str]) -> list[str]:
    return [sentence for block in blocks for sentence in sentences(block)]


def is_claim(sentence: str) -> bool:
    """A question claims nothing."""
    if sentence.rstrip(CLOSING).endswith("?"):
        return False
    counted = (COUNTED.search(sentence) or PERCENT.search(sentence)) and HEALTH.search(sentence)
    return bool(STUDIED.search(sentence) or counted or (DOES.search(sentence) and HEALTH.search(sentence)))
