"""H1: help is one tap away, whatever else is broken."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from recovery_site.home import help_page
from recovery_site.home.models import HelpLine, LastHelpLine
from tests.home.conftest import NOW

HELP = "/help/"
FILLED = {
    "name": "House line",
    "number": "(555) 010-0199",
    "sms": "",
    "sms_word": "",
    "chat": "",
    "hours": "Evenings",
    "language": "English",
    "note": "",
    "country": "US",
    "order": "5",
    "active": "on",
}


@contextmanager
def no_database(error=OperationalError):
    def refuse(*args):
        raise error("the database is down")

    with connection.execute_wrapper(refuse):
        yield


def links(page: str) -> set[str]:
    """Of the page itself: the footer of each page has the two numbers that everybody knows."""
    return set(re.findall(r'href="((?:tel|sms):[^"]+)"', page.partition("<footer")[0]))


DEFAULTS = {
    "tel:911",
    "tel:988",
    "sms:988",
    "sms:741741?body=HOME",
    "tel:18006624357",
}


def test_the_lines_are_plain_links(client, lines):
    page = client.get(HELP).content.decode()
    assert links(page) == DEFAULTS
    assert "https://988lifeline.org/chat/" in page


def test_a_fresh_database_has_the_lines_of_the_country(db):
    migrated = __import__("recovery_site.home.migrations.0002_default_lines", fromlist=["add"])
    HelpLine.objects.all().delete()
    for _twice in range(2):
        migrated.add(Apps, None)
    assert [line.name for line in HelpLine.objects.active()] == [
        "Emergency services",
        "988 Suicide and Crisis Lifeline",
        "Crisis Text Line",
        "SAMHSA National Helpline",
    ]


class Apps:
    @staticmethod
    def get_model(app: str, name: str):
        return HelpLine


def test_one_query_however_many_lines(client, lines, django_assert_num_queries):
    for number in range(30):
        HelpLine.objects.create(name=f"Line {number}", number="1", hours="Day", reviewed_on=date(2026, 1, 1))
    with django_assert_num_queries(1):
        client.get(HELP)


def test_a_line_that_is_off_is_not_shown(client, lines):
    HelpLine.objects.filter(number="988").update(active=False)
    assert links(client.get(HELP).content.decode()) == DEFAULTS - {"tel:988", "sms:988"}


def test_without_the_database_the_written_file_is_served(client, lines, help_file, cast):
    HelpLine.objects.filter(number="911").update(number="112")
    call_command("write_help_page", verbosity=0)
    signed_in = Client()
    signed_in.force_login(cast["sam"])
    with no_database():
        for visitor in (client, signed_in):
            page = visitor.get(HELP)
            assert page.status_code == 200
            assert links(page.content.decode()) == DEFAULTS - {"tel:911"} | {"tel:112"}
            assert page.content.decode() == help_file.read_text()


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_without_database_and_file_the_lines_of_the_country_are_served(client, db, help_file, error):
    assert not help_file.exists()
    with no_database(error):
        assert links(client.get(HELP).content.decode()) == DEFAULTS


def test_an_empty_table_is_no_empty_page(client, db, help_file):
    HelpLine.objects.all().delete()
    assert links(client.get(HELP).content.decode()) == DEFAULTS


def test_the_file_needs_no_script_and_no_other_host(lines, help_file):
    help_page.write()
    page = help_file.read_text()
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//(?!988lifeline)', page) == []


def test_the_file_is_replaced_whole(lines, help_file):
    help_page.write()
    help_page.write()
    assert [path.name for path in help_file.parent.iterdir()] == ["help.html"]


def test_saving_a_line_shows_at_once_and_rewrites_the_file(client_of, mara, lines, help_file, frozen):
    client = client_of(mara)
    response = client.post(reverse("home:help_line_create"), FILLED)
    assert (response.status_code, response.url) == (303, reverse("home:help_line_list"))
    line = HelpLine.objects.get(name="House line")
    assert (line.reviewed_by, line.reviewed_on) == (mara, date(2026, 11, 24))
    assert "tel:5550100199" in links(client.get(HELP).content.decode())
    assert "tel:5550100199" in links(help_file.read_text())
    client.post(reverse("home:help_line_edit", args=[line.pk]), FILLED | {"active": ""})
    assert "tel:5550100199" not in links(help_file.read_text())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"number": ""}, "Give a number to call"),
        ({"number": "call me"}, "Use digits"),
        ({"number": "javascript:1"}, "Use digits"),
        ({"chat": "javascript:alert(1)"}, "valid URL"),
        ({"name": ""}, "Please fill this in"),
        ({"name": "x" * 1_000_000}, "room for 80"),
        ({"name": "a\0b"}, "cannot be kept"),
        ({"order": "99999999999"}, "999"),
        ({"hours": ""}, "Please fill this in"),
    ],
)
def test_a_mistake_is_told_and_the_rest_stays(client_of, mara, lines, help_file, wrong, message):
    response = client_of(mara).post(
        reverse("home:help_line_create"), FILLED | {"note": "Ask for Jo."} | wrong
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert "Ask for Jo." in page
    assert not help_file.exists()


def test_the_same_form_twice_is_one_line(client_of, mara, lines, help_file):
    client = client_of(mara)
    client.post(reverse("home:help_line_create"), FILLED)
    again = client.post(reverse("home:help_line_create"), FILLED)
    assert again.status_code == 422
    assert "There is a line of this name already." in again.content.decode()
    assert HelpLine.objects.filter(name="House line").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_line(mara, lines):
    def keep(number: int) -> bool:
        try:
            line = HelpLine(name="House line", number="1", hours="Evenings")
            line.keep(by=mara, now=NOW)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(keep, range(4))) == [False, False, False, True]


def test_the_last_line_stays_on(mara, lines):
    *others, last = lines
    for line in others:
        line.active = False
        line.keep(by=mara, now=NOW)
    last.active = False
    with pytest.raises(LastHelpLine):
        last.keep(by=mara, now=NOW)
    assert list(HelpLine.objects.active()) == [HelpLine.objects.get(pk=last.pk)]


def test_turning_the_last_line_off_is_answered_in_words(client_of, mara, lines, help_file):
    last = lines[0]
    HelpLine.objects.exclude(pk=last.pk).update(active=False)
    response = client_of(mara).post(
        reverse("home:help_line_edit", args=[last.pk]), FILLED | {"active": "", "name": "Renamed"}
    )
    assert response.status_code == 422
    assert "At least one line must stay on" in response.content.decode()
    assert HelpLine.objects.get(pk=last.pk).name == last.name


@pytest.mark.django_db(transaction=True)
def test_two_managers_cannot_turn_off_the_last_two_lines_at_once(mara, lines):
    HelpLine.objects.exclude(pk__in=[lines[0].pk, lines[1].pk]).update(active=False)

    def turn_off(line: HelpLine) -> bool:
        try:
            mine = HelpLine.objects.get(pk=line.pk)
            mine.active = False
            mine.keep(by=mara, now=NOW)
        except LastHelpLine:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(turn_off, lines[:2])) == [False, True]
    assert HelpLine.objects.active().count() == 1


def test_a_line_without_any_way_to_reach_it_is_refused_by_the_database(lines):
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpLine.objects.update(number="", sms="", chat="")


@pytest.mark.parametrize("name", ["sam", "noor", "ana", "dev", "eli"])
def test_only_a_manager_changes_the_lines(name, cast, client_of, lines, help_file):
    client = client_of(cast[name])
    edit = reverse("home:help_line_edit", args=[lines[0].pk])
    for path in (reverse("home:help_line_list"), reverse("home:help_line_create"), edit):
        assert client.get(path).status_code == 404
        assert client.post(path, FILLED).status_code == 404
    assert HelpLine.objects.count() == len(lines)


def test_a_forged_line_is_a_404(client_of, mara, lines):
    client = client_of(mara)
    assert client.get(reverse("home:help_line_edit", args=[mara.pk])).status_code == 404
