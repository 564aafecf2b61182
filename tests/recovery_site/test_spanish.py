"""Everything that a client meets can be read in Spanish: each page that Sam, who lives here, and Luz, who
went home, can open, the ways in, and what comes back when a form was not right.
"""

import ast
import gettext
import re
from datetime import UTC, date, datetime, time
from html import unescape
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, trans_real
from django.utils.translation.template import templatize

from accounts.models import User
from tests.doors import ARGUMENTS, ROWS, WHO

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "locale"
MARKS = ("_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy")
MARKED = re.compile(r"""\b(?:n?gettext|_)\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
SPEAKING = (  # also the notices of staff, since they stand beside those of clients
    "*/export.py",
    "*/notices.py",
    "accounts/call_notices.py",
    "accounts/forms.py",
    "accounts/inviting/forms.py",
    "accounts/leaving.py",
    "accounts/models/user.py",
    "accounts/reach_forms.py",
    "accounts/sign_in/**/*.py",
    "accounts/who.py",
    *(
        f"checkins/{name}.py"
        for name in ("answers", "bam", "explanation", "forms", "measure_form", "measure_views")
    ),
    *(f"checkins/{name}.py" for name in ("outreach", "quiet", "rules", "story")),
    *(f"groups/forms/{name}.py" for name in ("company", "feed", "joining")),
    *(f"groups/models/{name}.py" for name in ("company", "encouragement", "standing")),
    "groups/notices/*.py",
    *(f"groups/refusals/{name}.py" for name in ("company", "places")),
    "groups/rule_words.py",
    "groups/templatetags/session_rows.py",
    "groups/waiting_words.py",
    *(
        f"journal/{name}.py"
        for name in ("finding_forms", "sharing_forms", "coming_up", "drafting", "forms", "shared_with", "who")
    ),
    "notifications/channels/mail.py",
    "notifications/models/preference.py",
    "notifications/stopped.py",
    "recovery_site/actions/export_pages.py",
    *(f"recovery_site/home/{name}.py" for name in ("acts", "kept", "own_data_forms", "welcome")),
    "recovery_site/home/today/words.py",
)
PEOPLE = ("sam", "luz", "nobody")
ENGLISH = re.compile(r"\b(the|you|your|and|with|this|that|are|not|they|what|here|when|from|for)\b", re.I)
# What people wrote, and what a page says of itself in the other language.
WRITTEN = ("A line of this world", "988 Suicide and Crisis Lifeline", "they, them", "/accounts/login/")
WRITTEN += ("The last evening", "This page in English")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%s|%[sd]|\{\}|</?\w+[^>]*>")


@pytest.fixture
def spanish(shared_world, db, monkeypatch):
    """The world, whose clients read Spanish, and the sentences that are looked up in vain."""
    User.objects.filter(pk__in=[shared_world.sam.pk, shared_world.luz.pk]).update(language="es")
    catalog, missing = trans_real.translation("es"), set()
    one, many = catalog.gettext, catalog.ngettext

    def said(sentence):
        missing.update({sentence} - {""} if sentence not in catalog._catalog else ())
        return one(sentence)

    def counted(single, plural, number):
        missing.update({single} if (single, 1) not in catalog._catalog else ())
        return many(single, plural, number)

    monkeypatch.setattr(catalog, "gettext", said)
    monkeypatch.setattr(catalog, "ngettext", counted)
    return shared_world, missing


def pages(world, who):
    """Each page in Spanish that this person can open: its door, itself and the templates it is made of."""
    person, column = getattr(world, who, None), WHO.index(who)
    for method, name, row in ROWS:
        if row[column] not in ("200", "422"):
            continue
        client = Client(headers={"accept-language": "es"})
        path = reverse(name, args=ARGUMENTS.get(name, lambda _world: [])(world))
        with transaction.atomic():
            if person is not None:
                client.force_login(person)
            response = getattr(client, method.lower())(path)
            html = response.getvalue().decode(errors="replace")
            transaction.set_rollback(True)
        if '<html lang="es"' in html:
            yield f"{method} {name}", html, {template.origin.name for template in response.templates}


def words(html):
    """What can be read or heard on a page."""
    kept = re.sub(r"<(script|style|select)\b.*?</\1>", "", html, flags=re.S)
    spoken = re.findall(r'(?:aria-label|title|placeholder|alt|data-[\w-]+)="([^"]*)"', kept)
    return [unescape(line).strip() for line in [*re.sub(r"<[^>]+>", "\n", kept).split("\n"), *spoken]]


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_of_a_client_has_a_word_of_english(spanish, who):
    """Nor has any template of these pages, in branches that nobody here went through."""
    world, missing = spanish
    found = list(pages(world, who))
    assert len(found) >= {"sam": 50, "luz": 20, "nobody": 8}[who]
    english = {
        (door, line)
        for door, html, _templates in found
        for line in words(html)
        if ENGLISH.search(line) and not any(written in line for written in WRITTEN)
    }
    templates = {Path(name) for _door, _html, names in found for name in names if ".venv" not in name}
    unsaid = {path.name: found for path in templates if (found := lacking(of_template(path)))}
    assert (missing, english, unsaid) == (set(), set(), {})


@pytest.mark.parametrize("modules", SPEAKING)
def test_no_module_that_speaks_to_clients_has_a_sentence_without_spanish(modules):
    paths = sorted(ROOT.glob(modules))
    unsaid = {path.name: found for path in paths if (found := lacking(of_module(path)))}
    assert (paths != [], unsaid) == (True, {})


def lacking(sentences):
    known = trans_real.translation("es")._catalog
    return {one for one in sentences if one and one not in known and (one, 1) not in known}


def of_template(path):
    for found in MARKED.finditer(templatize(path.read_text(), origin=str(path))):
        yield ast.literal_eval(found[1])


def of_module(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield first.value


def entries(language="es"):
    """What the file for translators holds: the flags, the sentence, its plural, and what stands for them."""
    for block in (LOCALE / language / "LC_MESSAGES/django.po").read_text().split("\n\n")[1:]:
        found, name = {"flags": ""}, ""
        for line in block.splitlines():
            if line.startswith("#"):
                found["flags"] += line if line.startswith("#,") else ""
                continue
            if not line.startswith('"'):
                name, line = line.split(" ", 1)
                found[name] = ""
            found[name] += line[1:-1].replace(r"\n", "\n").replace(r"\"", '"')
        yield found


def test_each_sentence_is_whole_and_keeps_what_is_filled_in():
    """As in our English, also where that takes the place of the framework's: all of those are here."""
    in_english = {entry["msgid"]: list(entry.values())[-1] for entry in entries("en")}
    for entry in entries():
        said = [entry[name] for name in entry if name.startswith("msgstr")]
        assert all(said), entry
        assert "fuzzy" not in entry["flags"], entry
        shown = in_english.pop(entry["msgid"], entry.get("msgid_plural", entry["msgid"]))
        assert set(PLACEHOLDER.findall(said[-1])) == set(PLACEHOLDER.findall(shown)), entry
    assert in_english == {}


def test_what_the_product_reads_is_what_translators_wrote():
    """After a change: msgfmt -o django.mo django.po (docs/spanish.md)."""
    with (LOCALE / "es/LC_MESSAGES/django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    wrote = {}
    for entry in entries():
        key = entry["msgid"]
        if "msgctxt" in entry:
            key = f"{entry['msgctxt']}\x04{key}"
        if "msgid_plural" in entry:
            wrote |= {(key, 0): entry["msgstr[0]"], (key, 1): entry["msgstr[1]"]}
        else:
            wrote[key] = entry["msgstr"]
    del compiled[""]
    assert wrote == compiled


MOMENT = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shape", "written"),
    [
        ("j F Y", "24 de noviembre de 2026"),
        ("l, j F", "martes, 24 de noviembre"),
        ("l, j F Y, g:i a", "martes, 24 de noviembre de 2026, 9:30 p.m."),
        ("F Y", "noviembre de 2026"),
        ("F j, Y", "24 de noviembre de 2026"),
        ("F j, P", "24 de noviembre, 9:30 p.m."),
        ("D j M", "mar 24 nov"),
        ("Y-m-d", "2026-11-24"),
        ("DATE_FORMAT", "24 de noviembre de 2026"),
    ],
)
def test_a_date_is_written_as_spanish_writes_it(shape, written):
    with override("es"):
        assert date_format(MOMENT, shape) == written


def test_the_clock_and_numbers_are_those_of_the_country():
    """Spanish as the United States write it: with noon, and a point in a number, which drawings need."""
    with override("es"):
        assert time_format(time(21, 30)) == "9:30 p.m."
        assert time_format(time(12)) == "mediodía"
        assert number_format(12.5) == "12.5"
        assert date_format(date(2026, 11, 24)) == "24 de noviembre de 2026"
    assert date_format(MOMENT, "l, j F") == "Tuesday, 24 November"


@pytest.mark.parametrize(("number", "said"), [(0, "0 días"), (1, "1 día"), (2, "2 días"), (21, "21 días")])
def test_what_is_counted_has_its_plural(number, said):
    with override("es"):
        assert ngettext("%d day", "%d days", number) % number == said
        assert _("Today") == "Hoy"
