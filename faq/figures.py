"""Pictures inside a text: our own ones only, each with words for those who cannot see it, and with its size,
so that the page does not jump while it loads."""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import NamedTuple
from uuid import UUID

SMALL = 720  # pixels, the width of the small one: as wide as the text is on a plain screen
UUID_FORM = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
OWN_PICTURE = re.compile(rf"/pictures/({UUID_FORM})\.webp")
PIXELS = re.compile(r"[1-9]\d{0,3}")

# These read what the cleaner has written: every value in double quotes, every quote in a value escaped.
IMAGE = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')
ATTRIBUTE = re.compile(r'\b(src|alt|width|height)="([^"]*)"')
FIGURE = re.compile(r"<figure>(.*?)</figure>", re.DOTALL)
CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
LOOSE = re.compile(r"<(/?)figcaption>")
SIZES = 'sizes="(min-width: 46rem) 42rem, 92vw"'
LAZY = 'loading="lazy" decoding="async"'


class Size(NamedTuple):
    width: int
    height: int


def keep_attribute(name: str, value: str) -> str | None:
    """What the cleaner may leave on a picture."""
    form = {"src": OWN_PICTURE, "width": PIXELS, "height": PIXELS}.get(name)
    return value if form is None or form.fullmatch(value) else None


def only_own(cleaned: str, sizes: Mapping[UUID, Size] | None = None) -> str:
    """Without pictures of elsewhere, or without words; with `sizes` also without those that are not in it."""
    if "<img" not in cleaned and "<fig" not in cleaned:
        return cleaned
    with_pictures = IMAGE.sub(lambda found: image(found[0], sizes), cleaned)
    figures = FIGURE.sub(figure, with_pictures)
    parts = re.split(r"(<figure>.*?</figure>)", figures, flags=re.DOTALL)
    return "".join(part if part.startswith("<figure>") else LOOSE.sub(r"<\1p>", part) for part in parts)


def image(tag: str, sizes: Mapping[UUID, Size] | None) -> str:
    given = {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}
    own, alt = OWN_PICTURE.fullmatch(given.get("src", "")), given.get("alt", "").strip()
    if not own or not alt:
        return ""
    size = (
        sizes.get(UUID(own[1]))
        if sizes is not None
        else Size(int(given["width"]), int(given["height"]))
        if "width" in given and "height" in given
        else None
    )
    if size is None:
        return "" if sizes is not None else f'<img src="{own[0]}" alt="{escape(alt)}">'
    choice = f'srcset="/pictures/{own[1]}-small.webp {SMALL}w, {own[0]} {size.width}w" {SIZES} '
    return (
        f'<img src="{own[0]}" alt="{escape(alt)}" width="{size.width}" height="{size.height}" '
        f"{choice if size.width > SMALL else ''}{LAZY}>"
    )


def figure(found: re.Match[str]) -> str:
    """One picture and its caption; whatever else stood in it stands after it."""
    picture, caption = IMAGE.search(found[1]), CAPTION.search(found[1])
    words = caption[1].strip() if caption else ""
    rest = CAPTION.sub("", found[1], count=1)
    if not picture:
        return rest + (f"<p>{words}</p>" if words else "")
    after = rest.replace(picture[0], "", 1).strip()
    if after and not after.startswith("<"):
        after = f"<p>{after}</p>"
    return f"<figure>{picture[0]}{f'<figcaption>{words}</figcaption>' if words else ''}</figure>{after}"


def pictures_in(body: str) -> list[UUID]:
    return [UUID(key) for key in dict.fromkeys(OWN_PICTURE.findall(body))]


def without_words(typed: str) -> bool:
    """Whether a picture of ours in a typed text says nothing to those who cannot see it."""
    tags = re.findall(r"""<img\b(?:[^<>"']|"[^"]*"|'[^']*')*>""", typed, re.IGNORECASE)
    said = (
        re.search(r"""\balt\s*=\s*(?:"[^"]*[^"\s][^"]*"|'[^']*[^'\s][^']*')""", tag, re.IGNORECASE)
        for tag in tags
    )
    return any(OWN_PICTURE.search(tag) and not words for tag, words in zip(tags, said, strict=True))
