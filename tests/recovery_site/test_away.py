"""While the database does not answer, nobody loses a word or waits without one (row 25)."""

import re
import socket
from contextlib import contextmanager
from html import unescape

import psycopg
import pytest
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from psycopg.errors import ReadOnlySqlTransaction

from journal.models import Entry
from recovery_site import away
from recovery_site.database import OF_SERVER

pytestmark = pytest.mark.django_db
WORDS = 'Tonight <b>I</b> sat by the "water".\n\nIt was quiet & I stayed.'


@contextmanager
def no_database(error=OperationalError):
    def refuse(*args):
        raise error("the database is down: row 17 holds a private word")

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def sam_at_home(client_of, sam):
    client = client_of(sam)
    client.raise_request_exception = False
    return client


def filled(client, path: str) -> dict[str, str]:
    """The fields of the page as a browser would send them."""
    page = client.get(path).text
    form = page[page.index('name="client_token"') - 2000 :]
    return dict(re.findall(r'name="(client_token|written_on|seen|writer)"[^>]*?value="([^"]*)"', form))


class ReadsOnly(InternalError):
    """As Django hands on what PostgreSQL says."""

    def __init__(self, *args):
        super().__init__(*args)
        self.__cause__ = ReadOnlySqlTransaction()


def test_row_25_a_server_that_takes_the_call_and_says_nothing_is_away_within_seconds():
    impatient = OF_SERVER | {"connect_timeout": 2}
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(psycopg.errors.ConnectionTimeout) as timeout,
    ):
        psycopg.connect(host="127.0.0.1", port=silent.getsockname()[1], **impatient)
    assert OF_SERVER["connect_timeout"] == 5
    with pytest.raises(OperationalError) as error, connection.wrap_database_errors:
        raise OperationalError from timeout.value
    assert away.is_away(error.value)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, ReadsOnly])
def test_row_25_a_page_says_so_at_once_and_how_to_get_help(sam_at_home, error):
    with no_database(error):
        answer = sam_at_home.get("/today/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert 'href="/today/">Try again</a>' in answer.text
    assert '<a href="tel:988">988</a>' in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    assert "private word" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert sam_at_home.get("/today/").status_code == 200


def test_row_25_what_was_typed_is_on_the_page_and_goes_through_afterwards(sam_at_home, sam):
    path = reverse("journal:entry_create")
    fields = filled(sam_at_home, path) | {"title": "By the water", "text": WORDS}
    with no_database():
        answer = sam_at_home.post(path, fields)
    assert answer.status_code == 503
    assert not Entry.objects.exists()
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text))
    again |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL))
    again = {name: unescape(value) for name, value in again.items()}
    assert again == fields
    assert answer.text.count("<textarea") == 1  # nobody is shown a token
    assert f'action="{path}"' in answer.text
    assert sam_at_home.post(path, again).status_code == 303
    entry = Entry.objects.get()
    assert entry.opened(by=sam).text == WORDS


def test_a_password_is_never_shown_again(db):
    client = Client(raise_request_exception=False)
    with no_database():
        answer = client.post("/accounts/login/", {"login": "sam", "password": "maple kettle harbor"})
        other = client.post("/feedback/x/", {"password1": "maple kettle harbor", "words": "hello\nyou"})
    assert answer.status_code == 503
    assert "maple" not in answer.text + other.text
    assert "sam" not in answer.text


def test_a_form_of_another_site_gets_no_token_here(sam_at_home, sam):
    forged = Client(enforce_csrf_checks=True, raise_request_exception=False)
    forged.cookies = sam_at_home.cookies
    with no_database():
        answer = forged.post("/journal/new/", {"text": "x" * 80, "csrfmiddlewaretoken": "made-up"})
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', answer.text)
    assert tokens in ([], ["made-up"])


def test_what_breaks_for_another_reason_is_told_as_ever(sam_at_home, monkeypatch):
    monkeypatch.setattr("recovery_site.home.views.public.render", None)
    answer = sam_at_home.get("/about/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
