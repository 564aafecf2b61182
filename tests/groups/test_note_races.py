"""Those who write a note at the same moment: no word is lost, and a group gets one key (B6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from groups.models import Facilitator, GroupKey, SessionNote
from tests.groups.conftest import NOW, TODAY

AT_ONCE = 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("frozen")
def test_b6_of_those_who_write_at_once_one_is_kept_and_the_others_are_told(make_session, ana, dev):
    """Each first note of a group is written to two of its sessions, by two people each time."""
    sessions = [make_session(day=TODAY + timedelta(days=number), lead=dev) for number in range(2)]
    for session in sessions:
        Facilitator.objects.create(session=session, person=ana, role="co")
    start = Barrier(AT_ONCE)

    def write(index: int) -> tuple[int, str, bool]:
        number, text = index % 2, f"Text {index}"
        try:
            start.wait()
            return (
                number,
                text,
                sessions[number].write_note(text, seen=0, by=(ana, dev)[index // 2 % 2], now=NOW),
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(write, range(AT_ONCE)))
    for number, session in enumerate(sessions):
        (kept,) = [text for where, text, is_kept in answers if where == number and is_kept]
        assert SessionNote.objects.get(session=session).opened(by=dev) == kept
    assert GroupKey.objects.count() == 1
