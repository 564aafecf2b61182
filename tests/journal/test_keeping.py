"""A page can be deleted with a day to change one's mind, and asked not to come up by itself (J5)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Bringing
from journal.models import Draft, Entry, OnThisDay, Page, Share, SharedCopy
from journal.models.keeping import TIME_TO_THINK
from journal.tasks import erase_deleted

TODAY = date(2026, 11, 24)
LIST = "/journal/"


def path(entry, rest=""):
    return f"/journal/{entry.pk}/{rest}"


@pytest.fixture
def signed_in(frozen, sam, client_of):
    return client_of(sam)


def test_j5_a_deleted_page_is_in_no_list_and_can_be_brought_back(signed_in, write, sam):
    entry = write(sam, "Sentinel words", title="Sentinel title")
    assert "You have a day to change your mind." in signed_in.get(path(entry, "deletion/")).text
    answer = signed_in.post(path(entry, "deletion/"))
    assert (answer.status_code, answer["Location"]) == (303, LIST)
    listed = signed_in.get(LIST).text
    assert listed.count("Sentinel title") == 1  # where it says when it goes
    assert "Gone for good on Wednesday, 10:00 a.m." in listed
    assert "Sentinel" not in signed_in.get("/journal/new/").text
    page = signed_in.get(path(entry)).text
    assert "Bring it back" in page
    assert "Sentinel words" not in page
    assert signed_in.get(path(entry, "edit/")).status_code == 404
    assert signed_in.get(path(entry, "deletion/"))["Location"] == path(entry)
    assert signed_in.post(path(entry, "deletion/withdrawal/"))["Location"] == path(entry)
    assert "Sentinel words" in signed_in.get(path(entry)).text
    assert "Gone for good" not in signed_in.get(LIST).text


def test_j5_a_deleted_page_is_not_changed_or_deleted_once_more(write, sam):
    entry, now = write(sam), timezone.now()
    assert entry.discard(by=sam, now=now)
    assert not entry.discard(by=sam, now=now + timedelta(hours=5))  # its day does not begin anew
    assert not entry.edit(by=sam, revision=1, page=Page("", "Late"), on=TODAY, now=now)
    assert Entry.objects.get().deleted_at == now


def test_j5_its_day_over_it_does_not_come_back_and_is_truly_gone(client_of, write, sam, time_machine):
    entry, stays, late = write(sam), write(sam), write(sam)
    entry.discard(by=sam, now=timezone.now())
    Entry.objects.filter(pk=late.pk).update(deleted_at=timezone.now() + timedelta(minutes=1))
    time_machine.move_to(timezone.now() + timedelta(hours=24), tick=False)
    signed_in = client_of(sam)
    assert signed_in.get(path(entry)).status_code == 404
    assert "Gone for good" in signed_in.get(LIST).text  # the late one alone
    assert signed_in.post(path(entry, "deletion/withdrawal/"))["Location"] == LIST
    assert Entry.objects.get(pk=entry.pk).deleted_at
    assert erase_deleted() == 1
    assert {row.pk for row in Entry.objects.all()} == {stays.pk, late.pk}
    assert signed_in.post(path(entry, "deletion/withdrawal/")).status_code == 404


def test_j5_all_that_is_over_goes_however_much_it_is(write, sam, monkeypatch):
    monkeypatch.setattr("journal.models.keeping.ERASED_TOGETHER", 2)
    for _number in range(5):
        write(sam)
    Entry.objects.update(deleted_at=timezone.now() - timedelta(days=1))
    assert erase_deleted() == 5
    assert not Entry.objects.exists()


def test_j5_looking_for_what_goes_takes_one_query(write, sam, django_assert_num_queries):
    write(sam)
    with django_assert_num_queries(1 + 2):  # a transaction begins and ends in a test by name
        erase_deleted()


def test_j5_what_hangs_on_a_page_goes_with_it_at_once(write, sam, ana):
    entry, other, now = write(sam), write(sam), timezone.now()
    share = entry.share(with_=ana, by=sam, revision=1, now=now)
    for page in (entry, other):
        Bringing.objects.create(owner=sam, entry_id=page.pk, session_id=uuid4(), made_at=now)
        draft = Draft(owner=sam, entry=page, entry_revision=1, written_on=TODAY, saved_at=now)
        for name, value in draft.sealed(Page("", "Typed"), revision=1).items():
            setattr(draft, name, value)
        draft.save()
    entry.discard(by=sam, now=now)
    assert Share.objects.get(pk=share.pk).ended_by == sam
    assert not SharedCopy.objects.exists()
    assert Draft.objects.get().entry == other
    assert Bringing.objects.get().entry_id == other.pk
    entry.bring_back(by=sam, now=now)
    assert not Share.objects.standing(now).exists()


def test_j5_delete_it_at_once(signed_in, write, sam):
    entry = write(sam)
    assert signed_in.post(path(entry, "erasure/")).status_code == 404  # only what is deleted
    signed_in.post(path(entry, "deletion/"))
    assert signed_in.post(path(entry, "erasure/"))["Location"] == LIST
    assert not Entry.objects.exists()


@pytest.mark.parametrize("other", ["noor", "ana", "mara"])
def test_j5_nobody_else_keeps_or_deletes_a_page(cast, write, client_of, other):
    entry, now = write(cast["sam"]), timezone.now()
    for verb in (entry.discard, entry.bring_back, entry.rest):
        with pytest.raises(PermissionDenied):
            verb(by=cast[other], now=now)
    for verb in (entry.rest_no_more, entry.erase):
        with pytest.raises(PermissionDenied):
            verb(by=cast[other])
    browser = client_of(cast[other])
    for rest in ("deletion/", "deletion/withdrawal/", "erasure/", "rest/", "rest/withdrawal/"):
        assert browser.post(path(entry, rest)).status_code == 404
    assert Entry.objects.filter(deleted_at=None, rests_since=None).exists()


def test_j5_a_page_that_rests_comes_up_only_where_it_is_looked_for(signed_in, write, sam):
    entry = write(sam, "Sentinel words", title="Sentinel title")
    assert "Sentinel title" in signed_in.get("/journal/new/").text
    page = signed_in.post(path(entry, "rest/"), follow=True).text
    assert "This page rests." in page
    assert "Sentinel words" in page
    assert "Sentinel" not in signed_in.get("/journal/new/").text
    listed = signed_in.get(LIST).text
    assert "Sentinel title" in listed
    assert "<small>Rests</small>" in listed
    signed_in.post(path(entry, "rest/withdrawal/"))
    assert "Sentinel title" in signed_in.get("/journal/new/").text


def test_a6_who_left_brings_nothing_up_that_rests(frozen, luz, client_of):
    entry, browser = luz.journal_entries.get(), client_of(luz)
    day = f"{entry.written_on:%A}, {entry.written_on.day} {entry.written_on:%B}"
    assert day in browser.get("/today/").text
    assert browser.post(path(entry, "rest/")).status_code == 303
    assert day not in browser.get("/today/").text
    assert browser.post(path(entry, "deletion/")).status_code == 303
    assert browser.post(path(entry, "deletion/withdrawal/")).status_code == 303
    assert Entry.objects.standing().exists()


@pytest.mark.parametrize("number", [1, 30])
def test_j5_the_list_takes_the_same_queries_however_many_go(
    signed_in, write, sam, django_assert_max_num_queries, number
):
    OnThisDay.objects.turn_on(by=sam, now=timezone.now())
    for _number in range(number):
        write(sam, on=TODAY - timedelta(days=7))
        write(sam).discard(by=sam, now=timezone.now())
    with django_assert_max_num_queries(6):  # session, person, glance, pages, of this day, going
        page = signed_in.get(LIST).text
    assert page.count("Gone for good") == number


def test_j5_the_pages_that_go_are_read_in_the_order_of_their_index(sam, write):
    write(sam).discard(by=sam, now=timezone.now() - TIME_TO_THINK)
    with CaptureQueriesContext(connection) as asked:
        assert erase_deleted() == 1
    looks = [query["sql"] for query in asked if "ORDER BY" in query["sql"] and "LIMIT" in query["sql"]]
    assert looks
    assert all('ORDER BY "journal_entry"."deleted_at" ASC' in look for look in looks)


def test_j5_a_page_that_was_brought_back_meanwhile_is_not_erased(write, sam):
    entry = write(sam)
    entry.discard(by=sam, now=timezone.now())
    in_another_tab = Entry.objects.get()
    entry.bring_back(by=sam, now=timezone.now())
    in_another_tab.erase(by=sam)
    assert Entry.objects.get().deleted_at is None
