"""Every form of the product, found on its pages and sent with what nobody should send: never a 500."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.doors import ARGUMENTS, ROWS, WHO

VALUES = {
    "empty": "",
    "a megabyte": "x" * 1_000_000,
    "NUL": "a\0b",
    "emoji": "👩🏽‍🦱🌊" * 5,
    "reordered": "\u202eevil\u202c\u2066",
    "1800": "1800-01-01",
    "a far year": "99999-12-31",
    "negative": "-1",
    "huge": "9" * 40,
    "a forged id": "00000000-0000-4000-8000-000000000000",
    "a lone surrogate": "%ED%A0%80",
}
NO_PAGE = ("faq:article_feed", "faq:sitemap", "home:health", "home:robots", "groups:attendance_export")
# What any field takes or refuses alike.
TOGETHER_ONLY = ("a megabyte", "NUL", "emoji", "empty", "reordered", "a lone surrogate")
# One person for each page is enough: the first in the table who gets it.
VISITS = {
    name: WHO[expected.index("200")]
    for method, name, expected in ROWS
    if method == "GET" and "200" in expected and name not in NO_PAGE
}


class Forms(HTMLParser):
    """The POST forms of a page: action, and each field's name with the value that it has now."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []
        self.open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.open = (given.get("method") or "get").lower() == "post"
            if self.open:
                self.found.append((given.get("action") or "", {}))
        elif self.open and given.get("name") and tag in ("input", "textarea", "select", "button"):
            self.found[-1][1].setdefault(given["name"], given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = False


@pytest.fixture
def world(shared_world, db, settings):
    # The real hash is slow on purpose, and this file sends thousands of passwords.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return shared_world


def sent(client: Client, path: str, fields: dict[str, str]) -> int:
    """The status of the answer, leaving the database as it was."""
    with transaction.atomic():
        status = client.post(path, fields).status_code
        transaction.set_rollback(True)
    return status


def attempts(fields: dict[str, str]):
    for label, value in VALUES.items():
        yield f"everything {label}", dict.fromkeys(fields, value)
        for name in fields:
            if label not in TOGETHER_ONLY:
                yield f"{name} {label}", {**fields, name: value}
    yield "nothing at all", {}


@pytest.mark.parametrize(("name", "who"), VISITS.items(), ids=VISITS)
def test_no_form_answers_with_an_error_page(world, client_of, name, who):
    client = Client() if who == "nobody" else client_of(getattr(world, who))
    path = reverse(name, args=ARGUMENTS.get(name, lambda _world: [])(world))
    forms = Forms(client.get(path).content.decode()).found
    failed = [
        f"{action or path}: {label}"
        for action, fields in forms
        if "logout" not in action
        for label, values in attempts({key: value for key, value in fields.items() if "csrf" not in key})
        if sent(client, action or path, values) >= 500
    ]
    assert failed == []


def test_the_sweep_finds_the_forms(client_of, world):
    page = client_of(world.sam).get("/journal/new/").content.decode()
    assert any({"title", "text"} <= fields.keys() for _action, fields in Forms(page).found)
