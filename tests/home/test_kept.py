"""The page that tells people what is kept of them says what the code does."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.utils.translation import override

from accounts.who import MANAGERS, Rule, who_sees
from checkins.models import CheckIn
from recovery_site.home.kept import KEPT
from tests.test_architecture import SENSITIVE


def rows(client, path: str = "/privacy/") -> dict[str, list[str]]:
    body = client.get(path).content.decode()
    found = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</th>(.*?)</tr>", body, re.DOTALL)
    return {
        unescape(what): re.findall(r"<td[^>]*>(.*?)</td>", unescape(cells), re.DOTALL)
        for what, cells in found
    }


def test_each_private_model_is_told_once():
    told = [model.__name__ for row in KEPT for model in row.models]
    assert sorted(told) == sorted(SENSITIVE)


@pytest.mark.parametrize("row", KEPT, ids=lambda row: row.models[0].__name__)
def test_models_in_one_line_are_seen_by_the_same_people(row):
    assert {who_sees(model) for model in row.models} == {row.who}
    assert "%(" not in row.how_long


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "language"), [("/privacy/", "en"), ("/es/privacy/", "es")])
def test_the_page_shows_each_line(client, path, language):
    shown = rows(client, path)
    with override(language):
        for row in KEPT:
            assert shown[str(row.what)] == [row.who, row.how_long]


@pytest.mark.django_db
def test_the_page_says_who_by_the_rule_itself(client, monkeypatch):
    before = "You, your care team and for one hour in an emergency, another clinician"
    assert rows(client)["Check-ins"][0] == before
    monkeypatch.setattr(CheckIn, "seen_by", Rule(MANAGERS))
    with override(None):
        line = next(row for row in KEPT if row.models == (CheckIn,))
        assert line.who == "Only the managers"


@pytest.mark.django_db
def test_a8_the_numbers_are_those_of_the_code(client):
    shown = rows(client)
    assert "24 hours" in shown["Pages of your journal, and drafts"][1]
    assert shown["A kind sentence that you send or get"][1] == "It is deleted after 30 days."
    assert f"{settings.INVITATION_DAYS} days" in shown["The invitation by which you came"][1]
    assert shown["The keys that seal words"][0] == "Nobody"
