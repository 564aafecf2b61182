"""Today says that somebody answered a page, until its writer has read it (J3)."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry, Page, Reply

WORDS = "There is an answer to a page you shared."


@pytest.fixture
def share(frozen, sam, ana):
    now = timezone.now()
    entry, _new = Entry.objects.write(
        by=sam, client_token=uuid.uuid4(), page=Page("Mine", "For Ana"), on=now.date(), now=now
    )
    return entry.share(with_=ana, by=sam, revision=1, now=now)


def test_j3_today_leads_to_the_page_with_an_answer_until_it_was_seen(share, sam, noor, ana, client_of):
    client, address = client_of(sam), reverse("home:today")
    assert WORDS not in client.get(address).text
    share.answer("I read it twice.", by=ana, client_token=uuid.uuid4(), now=timezone.now())
    page = client.get(address).text
    assert (WORDS in page, "I read it twice." in page) == (True, False)
    detail = reverse("journal:entry_detail", args=[share.entry_id])
    assert f'href="{detail}"' in page
    assert WORDS not in client_of(noor).get(address).text
    assert "I read it twice." in client.get(detail).text
    assert Reply.objects.get().seen_at == timezone.now()
    assert WORDS not in client.get(address).text


def test_a_deleted_page_calls_nobody(share, sam, ana, client_of):
    share.answer("I read it twice.", by=ana, client_token=uuid.uuid4(), now=timezone.now())
    Entry.objects.get().discard(by=sam, now=timezone.now())
    assert WORDS not in client_of(sam).get(reverse("home:today")).text


def test_t2_an_answer_costs_today_no_query(share, sam, ana, client_of, django_assert_num_queries):
    client = client_of(sam)
    with django_assert_num_queries(6):
        assert WORDS not in client.get(reverse("home:today")).text
    share.answer("I read it twice.", by=ana, client_token=uuid.uuid4(), now=timezone.now())
    with django_assert_num_queries(6):
        assert WORDS in client.get(reverse("home:today")).text
