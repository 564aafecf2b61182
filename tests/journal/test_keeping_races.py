"""J5 where two requests meet: what is deleted is shared, brought along or saved by nobody at that moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from journal.models import Draft, Entry, Page, Share, SharedCopy

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def at_once(*works):
    """Each in a thread with a connection of its own, as two requests; what came of each."""
    ready = Barrier(len(works))

    def apart(work):
        try:
            ready.wait(timeout=20)
            return work()
        except PermissionDenied as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(apart, works))


def page(person):
    now, words = timezone.now(), Page("", "Words")
    token = Entry().client_token
    return Entry.objects.write(by=person, client_token=token, page=words, on=now.date(), now=now)[0]


def test_j2_a_page_deleted_while_it_is_shared_is_shared_with_nobody(sam, ana):
    now = timezone.now()
    for _round in range(ROUNDS):
        entry = page(sam)

        def share(entry=entry):
            try:
                entry.share(with_=ana, by=sam, revision=1, now=now)
            except Exception as error:  # however it is refused
                return error

        at_once(lambda entry=entry: entry.discard(by=sam, now=now), share)
        assert not Share.objects.filter(entry=entry, ended_at=None).exists()
        assert not SharedCopy.objects.filter(share__entry=entry).exists()


def test_j4_a_page_deleted_while_it_is_changed_keeps_no_draft(sam):
    now = timezone.now()
    for _round in range(ROUNDS):
        entry = page(sam)
        form = {"client_token": Entry().client_token, "seen": 0, "entry": entry, "entry_revision": 1}

        def keep(form=form):
            Draft.objects.keep(by=sam, page=Page("", "Typed"), on=None, now=now, **form)

        at_once(lambda entry=entry: entry.discard(by=sam, now=now), keep)
        assert not Draft.objects.filter(entry=entry).exists()


def test_j5_brought_back_as_its_day_ends_it_stands_or_is_gone(sam):
    """By two clocks that differ a little."""
    now = timezone.now()
    for _round in range(ROUNDS):
        entry = page(sam)
        entry.discard(by=sam, now=now - timedelta(hours=24))
        back, gone = at_once(
            lambda entry=entry: entry.bring_back(by=sam, now=now - timedelta(seconds=1)),
            lambda: Entry.objects.erase_deleted(now),
        )
        assert (back, gone) in ((True, 0), (False, 1))
        assert Entry.objects.standing().filter(pk=entry.pk).exists() == back
