"""A page is deleted at the moment when it is brought to a session."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Bringing
from recovery_site import actions
from tests.home.conftest import TODAY
from tests.journal.test_keeping_races import ROUNDS, at_once, page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


def test_j2_a_page_deleted_while_it_is_brought_stands_on_no_session(sam, dev, make_session, book):
    now = timezone.now()
    session = make_session(day=TODAY + timedelta(days=1), lead=dev)
    book(session, sam)
    for _round in range(ROUNDS):
        entry = page(sam)
        at_once(
            lambda entry=entry: entry.discard(by=sam, now=now),
            lambda entry=entry: actions.bring(entry, session, by=sam, now=now),
        )
        assert not Bringing.objects.filter(entry_id=entry.pk).exists()
