"""The reader's side of a share: opening, answering, and what is told of it (J3, A5)."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from accounts import vault
from accounts.models import AccessRecord, CareTeamMember
from accounts.vault import Unreadable
from journal import notices
from journal.models import Reply, Share, SharedCopy
from journal.models.reading import too_long_ago
from notifications import kinds
from notifications.models import Notification
from tests.cast import TUESDAY
from tests.journal.conftest import shared

pytestmark = pytest.mark.django_db

WORDS = "The heron stood in the reeds."


@pytest.fixture
def share(write, sam, ana):
    return shared(write(sam, WORDS, title="By the pond"), ana)


def answered(share, by, text="I am glad you showed me this.", **more):
    more = {"client_token": uuid4(), "now": TUESDAY} | more
    return share.answer(text, by=by, **more)


def looks():
    rows = AccessRecord.objects.filter(what=AccessRecord.What.SHARE)
    return list(rows.values_list("actor__username", "subject_id"))


def test_j3_opening_marks_it_read_once_and_notes_each_look(share, sam, ana):
    assert share.opened(by=ana, now=TUESDAY).page.text == WORDS
    assert looks() == [("ana", sam.pk)]
    share.opened(by=ana, now=TUESDAY + timedelta(hours=1))
    share.refresh_from_db()
    assert share.read_at == TUESDAY
    assert len(looks()) == 2


@pytest.mark.parametrize("who", ["sam", "noor", "dev", "eli", "mara"])
def test_j3_nobody_else_opens_or_answers_it(who, share, cast):
    with pytest.raises(PermissionDenied):
        share.opened(by=cast[who], now=TUESDAY)
    with pytest.raises(PermissionDenied):
        answered(share, cast[who])
    share.refresh_from_db()
    assert (share.read_at, looks(), Reply.objects.count()) == (None, [], 0)


def end(share):
    Share.objects.update(ended_at=TUESDAY)


def expire(share):
    Share.objects.update(ends_at=TUESDAY, shared_at=TUESDAY - timedelta(days=1))


def leave_team(share):
    CareTeamMember.objects.update(ended_at=TUESDAY)


def lose_copy(share):
    SharedCopy.objects.all().delete()


@pytest.mark.parametrize("over", [end, expire, leave_team, lose_copy])
def test_j2_what_is_over_is_not_opened_and_no_look_is_noted(over, share, ana):
    over(share)
    with pytest.raises(PermissionDenied):
        share.opened(by=ana, now=TUESDAY)
    assert looks() == []


@pytest.mark.parametrize("over", [end, expire, leave_team])
def test_j2_what_is_over_is_not_answered(over, share, ana):
    over(share)
    with pytest.raises(PermissionDenied):
        answered(share, ana)
    assert not Reply.objects.exists()
    assert not Notification.objects.filter(kind=notices.ANSWERED).exists()


def test_j3_a_copy_that_does_not_open_is_no_look(share, ana):
    SharedCopy.objects.update(text_sealed=b"\x01" + bytes(300))
    with pytest.raises(Unreadable):
        share.opened(by=ana, now=TUESDAY)
    share.refresh_from_db()
    assert (share.read_at, looks()) == (None, [])


def test_a5_a_look_that_cannot_be_noted_opens_nothing(share, ana, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no room left")

    monkeypatch.setattr("accounts.models.access.AccessRecordQuerySet.note", broken)
    with pytest.raises(RuntimeError):
        share.opened(by=ana, now=TUESDAY)
    share.refresh_from_db()
    assert share.read_at is None


def test_j3_answers_are_sealed_with_the_writers_key_and_shown_in_order(share, sam, ana):
    first, is_new = answered(share, ana, "First.")
    assert is_new
    answered(share, ana, "Second.", now=TUESDAY + timedelta(hours=1))
    assert b"First." not in bytes(first.text_sealed)
    key = vault.key_for(sam.pk)
    assert key.unseal(first.text_sealed, "journal.reply", first.pk, "text") == "First."
    for reader in (sam, ana):
        assert [answer.text for answer in Reply.objects.all().opened(by=reader)] == ["First.", "Second."]


def test_j3_a_form_sent_twice_is_one_answer_and_one_notice(share, ana):
    token = uuid4()
    first, _new = answered(share, ana, client_token=token)
    again, is_new = answered(share, ana, "Other words", client_token=token)
    assert (again.pk, is_new) == (first.pk, False)
    assert Notification.objects.filter(kind=notices.ANSWERED).count() == 1


def test_j3_answers_are_read_by_their_two_people_alone(share, cast, ana, sam):
    reply, _new = answered(share, ana)
    readers = [name for name, user in cast.items() if Reply.objects.visible_to(user).exists()]
    assert sorted(readers) == ["ana", "sam"]
    end(share)
    readers = [name for name, user in cast.items() if Reply.objects.all().opened(by=user)]
    assert readers == ["sam"]
    with pytest.raises(PermissionDenied):
        reply.opened(by=ana)
    assert reply.opened(by=sam) == "I am glad you showed me this."


def test_j1_an_answer_moved_or_cut_is_that_answer_alone(share, sam, ana, caplog):
    one, _new = answered(share, ana, "One.")
    two, _new = answered(share, ana, "Two.", now=TUESDAY + timedelta(minutes=1))
    Reply.objects.filter(pk=one.pk).update(text_sealed=two.text_sealed)
    assert [answer.text for answer in Reply.objects.all().opened(by=sam)] == [None, "Two."]
    assert "Two." not in caplog.text
    assert str(one.pk) in caplog.text


def wanted(kind, now=TUESDAY):
    notice = Notification.objects.get(kind=kind)
    return kinds.get(kind).wanted(notice, now)


def test_k5_the_reader_is_told_while_it_waits_to_be_read(share, ana):
    notices.tell_shared(share, TUESDAY)
    notice = Notification.objects.get(kind=notices.SHARED)
    assert (notice.recipient, notice.about) == (ana, share.pk)
    assert notice.notice == "Someone you care for shared a page with you."
    assert wanted(notices.SHARED)
    share.opened(by=ana, now=TUESDAY)
    assert not wanted(notices.SHARED)


@pytest.mark.parametrize("over", [end, expire, leave_team])
def test_k5_nobody_is_told_of_what_was_taken_back(over, share):
    notices.tell_shared(share, TUESDAY)
    over(share)
    assert not wanted(notices.SHARED)


def test_k5_what_is_shared_again_on_the_same_day_is_told_again(share, ana):
    notices.tell_shared(share, TUESDAY)
    Notification.objects.update(state="sent", shown_at=TUESDAY, read_at=TUESDAY)
    notices.tell_shared(share, TUESDAY + timedelta(hours=1))
    notice = Notification.objects.get(kind=notices.SHARED)
    assert (notice.state, notice.shown_at, notice.read_at) == ("due", None, None)


def test_k5_the_writer_is_told_of_each_answer_until_it_is_seen(share, sam, ana):
    answered(share, ana)
    notice = Notification.objects.get(kind=notices.ANSWERED)
    assert notice.recipient == sam
    assert notice.notice == "There is an answer to a page you shared."
    assert notice.get_absolute_url() == share.entry.get_absolute_url()
    assert wanted(notices.ANSWERED)
    Reply.objects.all().mark_seen(by=ana, now=TUESDAY)
    assert wanted(notices.ANSWERED)
    Reply.objects.all().mark_seen(by=sam, now=TUESDAY)
    assert not wanted(notices.ANSWERED)
    Reply.objects.all().mark_seen(by=sam, now=TUESDAY + timedelta(hours=1))
    assert Reply.objects.get().seen_at == TUESDAY


def test_k5_nobody_is_led_to_a_page_that_is_gone(share, ana):
    answered(share, ana)
    notice = Notification.objects.get(kind=notices.ANSWERED)
    share.entry.discard(by=share.client, now=TUESDAY)
    share.entry.erase(by=share.client)
    assert not wanted(notices.ANSWERED)
    assert notice.get_absolute_url() == "/journal/"


# New York is five hours behind; 2026-11-24 is a Tuesday.
@pytest.mark.parametrize(
    ("now", "since"),
    [
        (datetime(2026, 11, 27, 15, tzinfo=UTC), datetime(2026, 11, 25, 15, tzinfo=UTC)),
        (datetime(2026, 11, 24, 15, tzinfo=UTC), datetime(2026, 11, 20, 15, tzinfo=UTC)),
        (datetime(2026, 11, 23, 15, tzinfo=UTC), datetime(2026, 11, 19, 15, tzinfo=UTC)),
        (datetime(2026, 11, 28, 15, tzinfo=UTC), datetime(2026, 11, 26, 5, tzinfo=UTC)),
        (datetime(2026, 11, 29, 23, tzinfo=UTC), datetime(2026, 11, 26, 5, tzinfo=UTC)),
        (datetime(2026, 11, 3, 15, tzinfo=UTC), datetime(2026, 10, 30, 14, tzinfo=UTC)),  # the clocks changed
    ],
    ids=["Friday", "Tuesday", "Monday", "Saturday", "Sunday", "Tuesday-after-the-change"],
)
def test_j3_two_working_days_leave_out_the_weekend(now, since):
    assert too_long_ago(now) == since


def test_j3_what_was_shared_on_a_saturday_waits_too_long_when_tuesday_is_over():
    saturday = datetime(2026, 11, 21, 15, tzinfo=UTC)
    assert too_long_ago(datetime(2026, 11, 25, 4, 59, tzinfo=UTC)) < saturday
    assert too_long_ago(datetime(2026, 11, 25, 5, 0, tzinfo=UTC)) >= saturday


def test_j3_unread_pages_that_wait_too_long(share, write, sam, ana):
    with time_machine.travel(TUESDAY - timedelta(days=4), tick=False):
        old = shared(write(sam, on=date(2026, 11, 20)), ana)
    assert list(Share.objects.waiting_too_long(TUESDAY)) == [old]
    old.opened(by=ana, now=TUESDAY)
    assert not Share.objects.waiting_too_long(TUESDAY).exists()
