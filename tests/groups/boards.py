"""What a board says, read back from its page."""

import re

from django.urls import reverse

from groups.models import Session

WEEK = {"week": "2026-W48"}


def board(browser, **query) -> str:
    response = browser.get(reverse("groups:schedule"), query)
    assert response.status_code == 200
    return response.content.decode()


def slot(html: str, session: Session) -> str:
    """What the board says about this session."""
    return re.search(rf'<a class="(?:slot|entry)[^>]*{session.pk}.*?</a>', html, re.DOTALL)[0]


def cells(html: str, name: str) -> list[str]:
    """The days of one line of the table, tags left out."""
    line = re.search(rf'<th scope="row">{name}<.*?</tr>', html, re.DOTALL)[0]
    found = re.findall(r"<td.*?</td>", line, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]
