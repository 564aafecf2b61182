"""Entries as rows: who may open them, and what happens when two saves meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import DataKey, User
from accounts.vault import Unreadable
from journal.models import Entry, Page
from journal.who import who_reads


@pytest.mark.parametrize("viewer", ["sam", "noor", "ana", "dev", "eli", "mara"])
def test_j1_an_entry_is_visible_to_its_writer_alone(cast, write, viewer):
    entry = write(cast["sam"])
    seen = set(Entry.objects.visible_to(cast[viewer]))
    assert seen == ({entry} if viewer == "sam" else set())


def test_the_line_about_readers_costs_its_writer_no_query(sam, write, django_assert_num_queries):
    entry = write(sam)
    with django_assert_num_queries(0):
        assert who_reads(entry, viewer=sam).startswith("Only you can see this. It is locked")


def test_an_entry_opens_as_it_was_written(sam, write):
    entry = write(sam, "Zwei\n\nAbsätze 🫶🏽", title="שלום", prompt="Who was kind?")
    opened = Entry.objects.get(pk=entry.pk).opened(by=sam)
    assert opened == Page("שלום", "Zwei\n\nAbsätze 🫶🏽", "Who was kind?")


@pytest.mark.parametrize("other", ["noor", "ana", "dev", "eli", "mara"])
def test_j1_nobody_else_opens_changes_or_deletes_an_entry(cast, write, other):
    entry, other = write(cast["sam"]), cast[other]
    change = {"revision": 1, "page": Page("", "Theirs."), "on": entry.written_on, "now": timezone.now()}
    for act in (entry.opened, entry.opened_title, entry.erase, lambda by: entry.edit(by=by, **change)):
        with pytest.raises(PermissionDenied):
            act(by=other)
    assert Entry.objects.get().opened(by=cast["sam"]).text == "Sat by the window."


@pytest.mark.parametrize("who", ["ana", "eli", "mara"])
def test_who_may_not_write_entries_writes_none(cast, write, who):
    with pytest.raises(PermissionDenied):
        write(cast[who])
    assert Entry.objects.count() == 0


def test_an_account_that_was_closed_opens_nothing_more(sam, write):
    write(sam)
    sam.is_active = False
    assert list(Entry.objects.visible_to(sam)) == []


def test_neither_an_entry_nor_an_open_page_prints_its_words(sam, write):
    entry = write(sam, "sentinel-text", title="sentinel-title")
    printed = repr(entry) + str(entry) + repr(entry.opened(by=sam)) + repr(vars(entry))
    assert "sentinel" not in printed


def test_a_form_sent_twice_writes_one_entry(sam, write):
    token = uuid4()
    first = write(sam, "Once.", client_token=token)
    assert write(sam, "Twice.", client_token=token) == first
    assert Entry.objects.get().opened(by=sam).text == "Once."


def test_the_token_of_somebody_elses_form_is_free_for_ones_own(sam, noor, write):
    token = uuid4()
    write(sam, client_token=token)
    assert write(noor, "Hers.", client_token=token).opened(by=noor).text == "Hers."
    assert Entry.objects.count() == 2


def test_an_edit_of_an_old_revision_changes_nothing(sam, write):
    entry = write(sam)
    change = {"by": sam, "revision": 1, "on": date(2026, 11, 20), "now": timezone.now()}
    assert entry.edit(page=Page("", "First."), **change)
    assert not entry.edit(page=Page("", "Second."), **change)
    entry.refresh_from_db()
    assert (entry.revision, entry.opened(by=sam).text) == (2, "First.")


def test_an_older_revision_put_back_does_not_open(sam, write):
    entry = write(sam)
    older = entry.text_sealed
    entry.edit(by=sam, revision=1, page=Page("", "Newer."), on=entry.written_on, now=timezone.now())
    Entry.objects.update(text_sealed=older)
    with pytest.raises(Unreadable):
        Entry.objects.get().opened(by=sam)


def test_headings_of_many_entries_come_newest_first(sam, write):
    for day in range(1, 6):
        write(sam, title=f"Day {day}", on=date(2026, 11, day))
    assert [heading.title for heading in Entry.objects.newest_first().headings(by=sam)] == [
        "Day 5",
        "Day 4",
        "Day 3",
        "Day 2",
        "Day 1",
    ]


def test_headings_of_nobody_make_no_key(sam):
    assert Entry.objects.visible_to(sam).headings(by=sam) == []
    assert DataKey.objects.count() == 0


def test_going_on_after_an_entry_skips_and_repeats_none(sam, write, frozen):
    for number in range(12):
        write(sam, on=date(2026, 11, 20 + number // 5))  # several on one day, at one moment
        if number % 3 == 0:
            frozen.shift(timedelta(minutes=1))
    everything, found, last = list(Entry.objects.newest_first()), [], None
    while page := list((Entry.objects.after(last) if last else Entry.objects.newest_first())[:5]):
        found, last = found + page, page[-1]
    assert found == everything
    assert len(found) == 12


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"written_on": date(1899, 12, 31)}, "entry_day_within_a_lifetime"),
        ({"revision": 0}, "entry_revisions"),
    ],
)
def test_the_database_refuses_what_must_never_be(sam, write, change, name):
    write(sam)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Entry.objects.update(**change)


def in_threads(number, act):
    start = Barrier(number)

    def run(n):
        start.wait()
        try:
            return act(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


@pytest.fixture
def writer(transactional_db):
    return User.objects.create(username="sam", role="client", chosen_name="Sam")


def test_of_many_saves_of_one_revision_exactly_one_stands(writer):
    now, on = timezone.now(), date(2026, 11, 24)
    first = Entry.objects.write(by=writer, client_token=uuid4(), page=Page("", "0"), on=on, now=now)[0]
    change = {"by": writer, "revision": 1, "on": on, "now": now}
    won = in_threads(12, lambda n: Entry.objects.get(pk=first.pk).edit(page=Page("", f"tab {n}"), **change))
    assert sum(won) == 1
    assert Entry.objects.get().opened(by=writer).text == f"tab {won.index(True)}"


def test_many_copies_of_one_form_make_one_entry(writer):
    token, now, on = uuid4(), timezone.now(), date(2026, 11, 24)
    form = {"by": writer, "client_token": token, "page": Page("", "Once."), "on": on, "now": now}
    made = in_threads(12, lambda n: Entry.objects.write(**form))
    assert sorted(is_new for _entry, is_new in made) == [False] * 11 + [True]
    assert {entry.pk for entry, _is_new in made} == {Entry.objects.get().pk}
