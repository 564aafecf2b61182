"""Tables as a file that any spreadsheet opens, and that none of them runs."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

# What begins so is a formula to some program (OWASP, CSV injection).
FORMULA = frozenset("=+-@\t\r\n")
# Where a program splits at another sign than the comma, the rest of a cell begins a cell of its own.
SPLITS = re.compile(r"""[;,|\t\r\n][\s;,|"']*(?=[=+\-@])""")
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # at the very start it says that the file is UTF-8


class Line:
    """A file to the csv module that hands each line back."""

    def write(self, text: str) -> str:
        return text


def plain(cell: str) -> str:
    """The same to read; a leading apostrophe keeps programs from running it, a blank from splitting it."""
    # Behind blanks too, and in the wide forms of the same signs, which some programs read as they read these.
    seen = unicodedata.normalize("NFKC", cell)
    if SPLITS.search(seen.lstrip()):
        cell = seen = SPLITS.sub(" ", seen.lstrip())
    runs = seen[:1] in FORMULA or seen.lstrip()[:1] in FORMULA
    return f"'{cell}" if cell and runs else cell


def pieces(rows: Iterable[list[str]]) -> Iterator[str]:
    writer = csv.writer(Line())
    yield MARK
    for row in rows:
        yield writer.writerow([plain(cell) for cell in row])


def download(rows: Iterable[list[str]], name: str) -> StreamingHttpResponse:
    """Goes out line by line; nothing of it is kept."""
    response = StreamingHttpResponse(pieces(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
