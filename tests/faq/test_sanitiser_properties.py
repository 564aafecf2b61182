"""Whatever is made of hostile text: it is inert after one cleaning, and the next one changes nothing."""

import re
from html import escape
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from faq.sanitiser import AWAY, OWN_PATH, TAGS, clean_html
from tests.hostile import A_PICTURE, VECTORS

ATTRIBUTES = {
    "a": {"href", "rel"},
    "img": {"src", "alt", "width", "height", "srcset", "sizes", "loading", "decoding"},
}
PIECES = ["<", ">", "</", "<!--", "-->", '"', "'", "=", "&", "\x00", "\t", " ", "<p>", "<svg>", "<math>"]
PIECES += ["<style>", "</style>", "<figure>", "<figcaption>", "</figure>", "<a href=", "]]>", "/>"]
PIECES += [f'<img src="{A_PICTURE}" alt="', f"<img alt=x src={A_PICTURE}>"]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Two or three vectors, cut somewhere and put together with something between."""
    text = ""
    for vector in draw(st.lists(st.sampled_from(VECTORS), min_size=1, max_size=3)):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(vector))] * 2)))
        text += draw(st.sampled_from([vector, vector[start:], vector[:end]])) + draw(st.sampled_from(PIECES))
    return text


class Inert(HTMLParser):
    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _value in attributes} <= ATTRIBUTES.get(tag, set())
        for name, value in attributes:
            if name == "href":
                assert OWN_PATH.fullmatch(value or "") or AWAY.fullmatch(value or "")
            if name in ("src", "srcset"):
                assert re.match(r"/pictures/[0-9a-f-]{36}", value or "")


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_f1_mutated_hostile_text_is_inert_and_stable(text: str) -> None:
    cleaned = clean_html(text)
    Inert(convert_charrefs=True).feed(cleaned)
    assert clean_html(cleaned) == cleaned


def test_f1_hostile_captions_and_words_of_pictures_are_inert_and_stable() -> None:
    """A figure in the caption of a figure once grew with each turn, without an end."""
    for vector in VECTORS:
        words = f'alt="{escape(vector)}"><figcaption>{vector}</figcaption>'
        cleaned = clean_html(f'{vector}<p>x</p><figure><img src="{A_PICTURE}" {words}</figure>')
        Inert(convert_charrefs=True).feed(cleaned)
        assert clean_html(cleaned) == cleaned


def test_the_corpus_is_wide() -> None:
    assert len(set(VECTORS)) == len(VECTORS) > 80
