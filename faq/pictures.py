"""Pictures of articles: what an editor sends is read, made smaller and written anew, so that nothing else
that a file may hold (a place, a name, a script) reaches the public."""

import hashlib
import struct
from io import BytesIO
from typing import IO, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from faq.figures import SMALL

MOST_BYTES = 8_000_000
MOST_PIXELS = 40_000_000  # a good camera's; more would take the memory of the small machine
LARGE = 1200  # pixels, the widest
QUALITY = 72  # of WebP, 0 to 100
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

TOO_HEAVY = _("This file is larger than 8 MB. Make it smaller first, or take another one.")
TOO_LARGE = _("This picture has more than 40 million points. Make it smaller first.")
NO_PICTURE = _("We cannot read this file as a picture. JPEG, PNG, WebP and GIF work.")

# What Pillow raises for files that are cut off, broken or made to break it.
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
)


class Encoded(NamedTuple):
    large: bytes
    small: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.large).hexdigest()


def encode(file: IO[bytes], size: int) -> Encoded:
    """Both sizes as WebP. Raises ValidationError, in words, for what is no picture or too much of one."""
    if size > MOST_BYTES:
        raise ValidationError(TOO_HEAVY)
    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(TOO_LARGE)
            picture.draft("RGB", (LARGE * 2, LARGE * 2))  # a JPEG is then read smaller at once
            ImageOps.exif_transpose(picture, in_place=True)
            upright: Image.Image = picture
            if upright.mode.startswith("I"):  # 16 bits of grey, which a plain conversion would make white
                upright = upright.point(lambda value: value * (1 / 256)).convert("L")
            see_through = upright.has_transparency_data
            form = "RGBA" if see_through else "RGB"
            plain = upright.copy() if upright.mode == form else upright.convert(form)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ValidationError(TOO_LARGE) from None
    except UNREADABLE:
        raise ValidationError(NO_PICTURE) from None
    smaller(plain, LARGE)
    large = written(plain)
    width, height = plain.size
    smaller(plain, SMALL)
    return Encoded(large, written(plain), width, height)


def smaller(picture: Image.Image, width: int) -> None:
    """In its place, for memory's sake: never larger than it was, nor four times as tall as wide may be."""
    picture.thumbnail((width, width * 4), Image.Resampling.LANCZOS)


def written(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "WEBP", quality=QUALITY, method=4)
    return file.getvalue()
