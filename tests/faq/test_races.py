"""Many at the same moment, on threads with connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from faq.models import Question, Stale

MANY = 8
TOKEN = UUID("7d0d4b52-32c1-4a70-9d0e-8e2f6cfa0d5b")


def at_once(work) -> list:
    def alone(number: int):
        try:
            return work(number)
        except Stale:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as threads:
        return list(threads.map(alone, range(MANY)))


@pytest.mark.django_db(transaction=True)
def test_texts_of_one_title_written_at_once_get_addresses_of_their_own(topic, eli):
    def write(number: int) -> str:
        question = Question(title="Once", topic=topic, body="<p>x</p>")
        question.write(by=eli, now=timezone.now(), seen=0)
        return question.slug

    assert sorted(at_once(write)) == sorted(["once", *(f"once-{number}" for number in range(2, MANY + 1))])


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_many_times_at_once_makes_one_row(topic, eli):
    def write(number: int) -> UUID:
        question = Question(title="Once", topic=topic, body="<p>x</p>", client_token=TOKEN)
        question.write(by=eli, now=timezone.now(), seen=0)
        return question.pk

    assert set(at_once(write)) == {Question.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_of_many_changes_at_once_one_is_kept_and_the_others_are_told(question, eli):
    pk = question("Once").pk

    def change(number: int) -> str:
        mine = Question.objects.get(pk=pk)
        mine.title = f"Mine {number}"
        mine.write(by=eli, now=timezone.now(), seen=1)
        return mine.title

    kept = [title for title in at_once(change) if title]
    assert kept == [Question.objects.get().title]
