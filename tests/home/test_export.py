"""A7: everything a client wrote and everything recorded about them, in one file."""

import io
import json
import logging
import re
import secrets
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, User
from checkins.models import CheckIn
from journal.models import Entry, Page
from recovery_site import actions
from tests.home import whole_life
from tests.home.whole_life import WORDS

PAGES = ["journal.html", "check-ins.html", "groups-and-attendance.html", "about-me.html"]
# Without a row in an export, and why.
NOT_TOLD = {
    "groups.Distance.other": "that somebody hides from them is for that person alone to know",
    "accounts.DataKey.owner": "a key is not about anybody, and would open nothing without the server's",
    "account.EmailAddress.user": "a copy of the e-mail, which is told with the name",
}


@pytest.fixture
def lived(sam, noor, ana, mara, frozen):
    whole_life.live(sam, ana, mara, timezone.now())
    return sam


def unpacked(pieces) -> dict[str, str]:
    with ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def export_of(person) -> dict[str, str]:
    return unpacked(actions.export(client=person, by=person, now=timezone.now()))


def test_a7_each_private_word_is_in_the_pages_to_read_and_in_the_files_to_keep(lived):
    files = export_of(lived)
    pages = "".join(files[name] for name in PAGES)
    data = "".join(text for name, text in files.items() if name.startswith("data/"))
    assert [word for word in WORDS.values() if word not in pages] == []
    assert [word for word in WORDS.values() if word not in data] == []
    assert "We missed you" in pages
    assert "Ana Ruiz" in files["about-me.html"]


def test_a7_every_row_that_can_be_about_a_client_is_told_or_said_why_not(lived):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        export_of(lived)
    books = {name: field for name, field in whole_life.bare_numbers().items() if name in whole_life.BOOKS}
    asked = " ".join(query["sql"] for query in queries)
    missing = [
        name
        for name, field in {**whole_life.ways_to_a_client(), **books}.items()
        if not re.search(rf'"{field.model._meta.db_table}"\."{field.column}" = ', asked)
    ]
    assert missing == list(NOT_TOLD)


def test_a7_nothing_about_another_person_is_inside(lived, noor):
    Entry.objects.write(
        by=noor,
        client_token=uuid4(),
        page=Page("", "sentinelhers"),
        on=timezone.localdate(),
        now=timezone.now(),
    )
    assert not any("sentinelhers" in text or "noor" in text.lower() for text in export_of(lived).values())


def test_a7_the_data_is_what_was_stored(lived):
    files = export_of(lived)
    (entry,) = json.loads(files["data/journal.json"])
    assert (entry["written_on"], entry["title"], entry["text"]) == (
        "2026-11-20",
        WORDS["title"],
        WORDS["text"],
    )
    (day,) = json.loads(files["data/check_ins.json"])
    assert (day["mood"], day["urge"], day["sleep"], day["note"]) == (2, 4, None, WORDS["note"])
    assert json.loads(files["data/attendance.json"])[0]["state"] == "absent"
    assert json.loads(files["data/looks.json"])[0] == {
        "at": "2026-11-24T15:00:00Z",
        "actor": "Ana Ruiz",
        "what": "profile",
    }


def test_a7_the_read_me_names_each_file_and_each_field(lived):
    files = export_of(lived)
    for name, text in files.items():
        if name.startswith("data/"):
            assert f"\n{name} - " in files["README.txt"]
            for row in json.loads(text):
                assert all(f"  {field}: " in files["README.txt"] for field in row)


def test_a7_the_pages_need_nothing_and_call_nobody(lived):
    files = export_of(lived)
    for name in ("index.html", *PAGES):
        links = re.findall(r'(?:src|href)="([^"]*)"', files[name])
        assert [link for link in links if link.partition("#")[0] not in files] == []
        assert "url(" not in files[name] + "@import"
        assert "<script" not in files[name]
    assert all(name.isascii() for name in files)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "</dd><img src=x onerror=alert(1)>", "<!-- rows -->"]
)
def test_a7_what_looks_like_markup_is_text(sam, frozen, text):
    page = Page(text, text, text)
    Entry.objects.write(by=sam, client_token=uuid4(), page=page, on=timezone.localdate(), now=timezone.now())
    files = export_of(sam)
    assert text not in files["journal.html"]
    assert files["journal.html"].count("<article>") == 1
    assert json.loads(files["data/journal.json"])[0]["text"] == text


def test_a7_what_is_stored_as_a_code_reads_in_words_and_days_read_alike(lived):
    AuditEvent.objects.record(
        AuditEvent.Act.SIGNED_IN, by=lived, about=lived, detail="password, spare code", now=timezone.now()
    )
    AuditEvent.objects.record(
        AuditEvent.Act.SECOND_FACTOR, by=lived, about=lived, detail="code added", now=timezone.now()
    )
    pages = export_of(lived)
    about = pages["about-me.html"]
    for words in ("an app that shows codes", "an app for codes was added", "password, spare code"):
        assert words in about
    assert "TOTP" not in about
    assert "Each look is listed." in about
    assert "Monday" in pages["check-ins.html"]
    assert "24 November 2026" in pages["index.html"]
    assert "<h3>20 November 2026</h3>" in pages["journal.html"]
    assert pages["index.html"].count("Your journal") == 1


def test_a7_a_text_that_does_not_open_is_said_so_and_the_others_follow(lived):
    now = timezone.now()
    for text in ("before", "after"):
        Entry.objects.write(
            by=lived, client_token=uuid4(), page=Page("", text), on=timezone.localdate(), now=now
        )
    Entry.objects.filter(written_on="2026-11-20").update(text_sealed=b"\x01" + b"x" * 300)
    CheckIn.objects.update(answers_sealed=b"\x01" + b"x" * 300)
    files = export_of(lived)
    for name in ("journal.html", "check-ins.html", "data/journal.json", "data/check_ins.json"):
        assert "This text cannot be opened any more." in files[name]
    others = json.loads(files["data/journal.json"])[1:]
    assert {row["text"] for row in others} == {"before", "after"}


def test_a7_without_a_row_the_file_says_so(noor, frozen):
    files = export_of(noor)
    assert "Nothing is kept here." in files["journal.html"]
    assert json.loads(files["data/journal.json"]) == []


def test_a7_the_file_goes_out_while_it_is_made(sam, frozen, monkeypatch):
    """Before the last page of the journal is opened, most of what came before has left the server."""
    now, opened, sent = timezone.now(), 0, 0
    for _number in range(60):
        # Nothing that a ZIP could make small.
        page = Page("", secrets.token_hex(40_000))
        Entry.objects.write(by=sam, client_token=uuid4(), page=page, on=timezone.localdate(now), now=now)
    really_opened = Entry.opened

    def counted(entry, **given):
        nonlocal opened
        opened += 1
        return really_opened(entry, **given)

    monkeypatch.setattr(Entry, "opened", counted)
    steps = []
    for piece in actions.export(client=sam, by=sam, now=now):
        sent += len(piece)
        steps.append((opened, sent, len(piece)))
    assert max(size for _opened, _sent, size in steps) < 200_000
    assert sent > 4_000_000
    for opened_then, sent_then, _size in steps:
        # At most a few pages are between the key and the network: two rounds of sixty, 40 kB each.
        assert sent_then > (opened_then - 4) * 40_000


@pytest.mark.parametrize("entries", [1, 30])
def test_a7_an_export_takes_the_same_queries_however_long_the_journal_is(
    sam, frozen, entries, django_assert_num_queries
):
    for _number in range(entries):
        Entry.objects.write(
            by=sam, client_token=uuid4(), page=Page("", "x"), on=timezone.localdate(), now=timezone.now()
        )
    with CaptureQueriesContext(connection) as queries:
        export_of(sam)
    assert len(queries) <= 70


def test_a7_only_oneself_may_have_it(sam, noor, ana, mara):
    for other in (noor, ana, mara):
        with pytest.raises(PermissionDenied):
            actions.export(client=sam, by=other, now=timezone.now())
    with pytest.raises(PermissionDenied):
        actions.export(client=ana, by=ana, now=timezone.now())


def test_a7_the_download_asks_once_more_who_it_is(sam, client_of):
    for send in (client_of(sam).get, client_of(sam).post):
        response = send("/me/export/")
        assert response.status_code in (302, 303)
    assert AuditEvent.objects.filter(act=AuditEvent.Act.EXPORTED).count() == 0


def test_a7_the_download_is_one_file_with_a_quiet_name_kept_nowhere(lived, client_of, again):
    browser = again(client_of(lived), lived)
    assert "Download it" in browser.get("/me/export/").text
    response = browser.post("/me/export/")
    assert response.streaming
    assert response["Content-Disposition"] == 'attachment; filename="my-copy-2026-11-24.zip"'
    assert response["Cache-Control"] == "no-store, private"
    assert WORDS["text"] in unpacked(response.streaming_content)["journal.html"]
    (event,) = AuditEvent.objects.filter(act=AuditEvent.Act.EXPORTED)
    assert (event.actor_id, event.subject_id, event.detail) == (lived.pk, lived.pk, "")


def test_a7_who_has_left_can_still_have_it(lived, client_of, again):
    User.objects.filter(pk=lived.pk).update(away_since=timezone.localdate())
    lived.refresh_from_db()
    response = again(client_of(lived), lived).post("/me/export/")
    assert WORDS["text"] in unpacked(response.streaming_content)["journal.html"]


def test_a7_no_word_of_it_reaches_a_log(lived, client_of, again, caplog, capfd):
    for logger in ("", "django"):
        caplog.set_level(logging.DEBUG, logger)
    browser = again(client_of(lived), lived)
    browser.get("/me/export/")
    assert b"".join(browser.post("/me/export/").streaming_content)
    printed = capfd.readouterr()
    logged = caplog.text + printed.out + printed.err
    assert [word for word in WORDS.values() if word in logged] == []


def test_the_pages_of_all_clients_lead_to_it(sam, ana, client_of):
    assert 'href="/me/export/"' in client_of(sam).get("/me/").text
    assert "/me/export/" not in client_of(ana).get("/me/").text
