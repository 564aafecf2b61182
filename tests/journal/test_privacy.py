"""J1: what is written in the journal stands nowhere but in the answer to its writer."""

import base64
import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from accounts.models import DataKey
from journal.models import Entry

NEW = "/journal/new/"
CANNOT = "This page cannot be opened right now."

# Each would run, load, or steer htmx, were it not escaped.
HOSTILE = [
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    "<img src=x onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) '",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<form action=https://evil.example><input name=password></form>",
    "<div hx-get=/leave/ hx-trigger=load>x</div>",
    "<div data-hx-post=/journal/ data-hx-trigger=load>x</div>",
    "<input name=csrfmiddlewaretoken form=entry>",
    "<base href=https://evil.example/>",
    "<style>*{display:none}</style>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "{{ request }}{% csrf_token %}{% debug %}",
    "<!--<script>-->alert(1)",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
]


def every_byte_of_the_database():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                for value in row:
                    yield bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def disguises(word):
    raw = word.encode()
    inner = base64.b64encode(raw)[4:-4]
    return [
        raw,
        raw[::-1],
        word.encode("utf-16-le"),
        raw.hex().encode(),
        inner,
        base64.b64encode(b"x" + raw)[4:-4],
    ]


@pytest.mark.django_db(transaction=True)
def test_j1_what_is_typed_stands_in_no_byte_of_database_sessions_logs_mail_or_broker(
    sam, client_of, sheet, edit_sheet, caplog, capfd
):
    for logger in ("", "django", "journal"):
        caplog.set_level(logging.DEBUG, logger)
    browser, words = (
        client_of(sam),
        [f"sentinel{part}zq" for part in ("title", "text", "newer", "refused", "lost")],
    )
    title, text, newer, refused, lost = words
    day = {"written_on": "2026-01-02"}
    browser.post(NEW, sheet(title=title, text=text, **day))
    entry = Entry.objects.get()
    own = f"/journal/{entry.pk}/"
    pages = [browser.get(path).text for path in ("/journal/", NEW, own, f"{own}edit/", f"{own}deletion/")]
    pages.append(browser.post(NEW, sheet(title=refused, text=f"{refused}\0", **day)).text)
    pages.append(browser.post(NEW, sheet(text=refused, begin="kind", **day)).text)
    browser.post(f"/journal/{entry.pk}/edit/", edit_sheet(entry, title=title, text=newer, **day))
    pages.append(browser.post(f"/journal/{entry.pk}/edit/", edit_sheet(entry, text=lost, **day)).text)
    assert [word for word in words if not any(word in page for page in pages)] == []

    places = list(every_byte_of_the_database())
    places += [str(session.get_decoded()).encode() for session in Session.objects.all()]
    places += [path.read_bytes() for path in Path(settings.DATA_DIR).rglob("*") if path.is_file()]
    printed = capfd.readouterr()
    places += [caplog.text.encode(), printed.out.encode(), printed.err.encode()]
    assert len(places) > 50
    assert Session.objects.count() == 1
    found = [
        (word, place[:80]) for word in words for form in disguises(word) for place in places if form in place
    ]
    assert found == []


def test_j1_nothing_of_a_page_stands_in_addresses_titles_headers_or_messages(sam, client_of, sheet, frozen):
    browser = client_of(sam)
    answer = browser.post(NEW, sheet(title="sentinel", text="sentinel"))
    page = browser.get(answer["Location"])
    assert "sentinel" not in str(answer.headers) + str(page.headers) + str(dict(browser.session.items()))
    assert "<title>Journal</title>" in page.text
    assert page["Cache-Control"] == "no-store, private"


def pages_with(text, *, writer, client_of, write, edit_sheet):
    """Each page that shows this text, as its writer gets it."""
    entry, browser = write(writer, text, title=text, prompt=text), client_of(writer)
    pages = [browser.get(path).text for path in ("/journal/", NEW)]
    pages += [browser.get(f"/journal/{entry.pk}/{path}").text for path in ("", "edit/", "deletion/")]
    pages.append(browser.post(f"/journal/{entry.pk}/edit/", edit_sheet(entry, text=text, revision=7)).text)
    return pages


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_markup_is_shown_as_it_was_typed(sam, noor, client_of, write, edit_sheet, text):
    more = {"client_of": client_of, "write": write, "edit_sheet": edit_sheet}
    pages = pages_with(text, writer=sam, **more)
    assert [page for page in pages if "<" in text and text in page] == []
    for page, plain in zip(pages, pages_with("Plain", writer=noor, **more), strict=True):
        for tag in ("<script", "<img", "<iframe", "<base", "<style", "<math", "<meta"):
            assert page.count(tag) == plain.count(tag)
        assert "<div hx-" not in page
        assert "evil.example><" not in page


@pytest.mark.parametrize(
    "text", ["שלום עולם", "مرحبا", "\u202eevil\u202c", "👩🏽‍❤️‍👩🏼 🫶", "Z͑ͫ̓a̴l͡g̷o", "🏳️‍🌈" * 100]
)
def test_every_script_comes_back_as_it_was(sam, client_of, sheet, frozen, text):
    browser = client_of(sam)
    page = browser.get(browser.post(NEW, sheet(text=text))["Location"]).text
    assert f'dir="auto"><p>{text}</p></div>' in page


def test_a_title_loses_what_would_reorder_the_words_around_it(sam, client_of, sheet, frozen):
    client_of(sam).post(NEW, sheet(title=" One\u202e two\n three "))
    assert Entry.objects.get().opened(by=sam).title == "One two three"


def altered(entry):
    sealed = bytearray(entry.text_sealed)
    sealed[40] ^= 1
    Entry.objects.filter(pk=entry.pk).update(text_sealed=bytes(sealed))


def cut(entry):
    Entry.objects.filter(pk=entry.pk).update(text_sealed=bytes(entry.text_sealed)[:-20])


def emptied(entry):
    Entry.objects.filter(pk=entry.pk).update(text_sealed=b"", title_sealed=b"")


def swapped(entry):
    other = Entry.objects.exclude(pk=entry.pk).filter(owner=entry.owner).get()
    for one, two in ((entry, other), (other, entry)):
        Entry.objects.filter(pk=one.pk).update(text_sealed=two.text_sealed, title_sealed=two.title_sealed)


def taken_over(entry):
    """Somebody with access to the database gives themselves another person's row."""
    Entry.objects.filter(pk=entry.pk).update(owner=DataKey.objects.exclude(owner=entry.owner).get().owner)
    entry.refresh_from_db()


@pytest.mark.parametrize("harm", [altered, cut, emptied, swapped, taken_over])
def test_an_entry_that_does_not_open_says_so_and_spoils_nothing_else(
    sam, noor, client_of, write, caplog, harm
):
    whole, entry = (
        write(sam, "Other words.", title="Other title"),
        write(sam, "Own words.", title="Own title"),
    )
    hers = write(noor, "Hers.", title="Her title")
    harm(entry)
    browser = client_of(entry.owner)
    answer = browser.get(f"/journal/{entry.pk}/")
    assert answer.status_code == 503
    assert CANNOT in answer.text
    assert "sentinel" not in answer.text
    assert f"entry {entry.pk} does not open" in caplog.text
    assert "sentinel" not in caplog.text
    listed = browser.get("/journal/")
    assert listed.status_code == 200
    if harm in (swapped, emptied, taken_over):
        assert "This title cannot be opened right now" in listed.text
    if harm is not swapped:
        fine = hers if entry.owner == noor else whole
        assert browser.get(f"/journal/{fine.pk}/").status_code == 200
        assert fine.opened_title(by=entry.owner) in listed.text
    assert CANNOT in browser.get(f"/journal/{entry.pk}/edit/").text
    assert browser.get(NEW).status_code == 200
    assert browser.get(f"/journal/{entry.pk}/deletion/").status_code == 200


def test_words_typed_for_an_entry_that_no_longer_opens_can_be_kept_as_a_new_one(
    sam, client_of, write, edit_sheet
):
    entry = write(sam)
    altered(entry)
    answer = client_of(sam).post(f"/journal/{entry.pk}/edit/", edit_sheet(entry, text="Still here."))
    assert answer.status_code == 503
    assert "Still here.</textarea>" in answer.text
    assert f'action="{NEW}"' in answer.text


def test_without_a_working_key_nothing_is_lost_and_nothing_kept_in_clear(sam, client_of, write, sheet):
    write(sam, title="Own title")
    DataKey.objects.update(key_name="gone")
    browser = client_of(sam)
    listed = browser.get("/journal/")
    assert listed.status_code == 200
    assert "This title cannot be opened right now" in listed.text
    answer = browser.post(NEW, sheet(title="Mine", text="Typed just now."))
    assert answer.status_code == 503
    assert "This could not be kept just now. Your words are still here." in answer.text
    assert "Typed just now.</textarea>" in answer.text
    assert Entry.objects.count() == 1


def test_a_deleted_entry_leaves_no_row(sam, client_of, write):
    entry = write(sam)
    sealed = bytes(entry.text_sealed)
    browser = client_of(sam)
    browser.post(f"/journal/{entry.pk}/deletion/")
    browser.post(f"/journal/{entry.pk}/erasure/")
    assert [value for value in every_byte_of_the_database() if sealed[:40] in value] == []


def test_without_a_session_the_journal_leads_to_sign_in(client, sam, write, sheet):
    entry = write(sam)
    for path in ("/journal/", NEW, f"/journal/{entry.pk}/", f"/journal/{entry.pk}/edit/"):
        assert client.get(path)["Location"].startswith("/accounts/login/")
    assert client.post(NEW, sheet()).status_code == 302
    assert Entry.objects.count() == 1
