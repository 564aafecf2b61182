"""The help page as a plain file, for the day on which the database does not answer (H1)."""

import os
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from recovery_site.home import known_lines
from recovery_site.home.default_lines import DEFAULT_LINES, REVIEWED_ON
from recovery_site.home.models import HelpLine

STYLES = ("reset", "fonts", "tokens", "base", "layout", "button", "card", "utilities")


def path() -> Path:
    return settings.HELP_DIR / "help.html"


def write() -> Path:
    """Writes the file anew, whole or not at all."""
    draft = path().with_suffix(f".{os.getpid()}.draft")
    draft.write_text(render(list(HelpLine.objects.active())))
    draft.replace(path())
    known_lines.clear()
    return path()


def stored() -> str:
    """The file, or the lines that the product was born with when nobody has written one."""
    try:
        return path().read_text()
    except OSError:
        return render([HelpLine(reviewed_on=REVIEWED_ON, **line) for line in DEFAULT_LINES])


def render(lines: list[HelpLine]) -> str:
    """The styles keep their plain names: a file outlives the hashes of a release."""
    context = {"lines": lines, "static_url": settings.STATIC_URL, "styles": STYLES}
    return render_to_string("home/help_static.html", context)
