"""A page is opened to one person, and taken back (J2)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import CareTeamMember
from journal.models import Entry, Page, Reply, Share, SharedCopy
from journal.models.sharing import ChangedMeanwhile, NoSuchDay, NotOnTheTeam

DAY = date(2026, 11, 24)


@pytest.fixture
def shared(write, sam, ana):
    """A page of Sam that Ana may read."""
    entry = write(sam, "The lake was quiet.", "At the lake", "What is warm today?")
    return entry.share(with_=ana, by=sam, revision=1, now=timezone.now())


def edited(entry, sam, text="The lake froze."):
    page = Page("At the lake", text)
    assert entry.edit(by=sam, revision=entry.revision, page=page, on=DAY, now=timezone.now())
    entry.refresh_from_db()


def test_j2_a_share_holds_a_copy_of_the_revision_that_the_preview_showed(shared, sam, ana):
    assert (shared.client, shared.clinician, shared.entry_revision) == (sam, ana, 1)
    assert (shared.shared_at, shared.ends_at, shared.read_at) == (timezone.now(), None, None)
    assert shared.copy.written_on == DAY
    page = Page("At the lake", "The lake was quiet.", "What is warm today?")
    assert shared.copy.opened(by=sam) == page


def test_j2_an_edit_shows_to_the_reader_only_when_shared_again(shared, sam, ana):
    shared.opened(by=ana, now=timezone.now())
    entry = shared.entry
    edited(entry, sam)
    assert SharedCopy.objects.get().opened(by=sam).text == "The lake was quiet."
    later = timezone.now() + timedelta(hours=1)
    again = entry.share(with_=ana, by=sam, revision=2, now=later)
    assert again == shared
    again.refresh_from_db()
    assert (again.entry_revision, again.shared_at, again.read_at) == (2, later, None)
    assert SharedCopy.objects.get().opened(by=sam).text == "The lake froze."


def test_j2_sharing_twice_is_once(shared, sam, ana):
    shared.opened(by=ana, now=timezone.now())
    later = timezone.now() + timedelta(hours=1)
    assert shared.entry.share(with_=ana, by=sam, revision=1, now=later) == shared
    row = Share.objects.get()
    assert (row.shared_at, row.read_at) == (timezone.now(), timezone.now())


def test_j2_only_the_revision_of_the_preview_is_shared(write, sam, ana):
    entry = write(sam)
    edited(entry, sam)
    with pytest.raises(ChangedMeanwhile):
        entry.share(with_=ana, by=sam, revision=1, now=timezone.now())
    assert not Share.objects.exists()


def test_j2_only_with_a_clinician_of_the_care_team_now(write, sam, noor, ana, dev, mara):
    entry = write(sam)
    for nobody in (dev, noor, mara, sam):
        with pytest.raises(NotOnTheTeam):
            entry.share(with_=nobody, by=sam, revision=1, now=timezone.now())
    CareTeamMember.objects.update(ended_at=timezone.now())
    with pytest.raises(NotOnTheTeam):
        entry.share(with_=ana, by=sam, revision=1, now=timezone.now())
    assert not Share.objects.exists()


def test_j2_nobody_shares_another_persons_page(write, sam, noor, ana):
    with pytest.raises(PermissionDenied):
        write(sam).share(with_=ana, by=noor, revision=1, now=timezone.now())


def test_a6_whoever_left_meanwhile_shares_nothing(write, sam, ana):
    entry = write(sam)
    type(sam).objects.filter(pk=sam.pk).update(away_since=DAY)
    with pytest.raises(PermissionDenied):
        entry.share(with_=ana, by=sam, revision=1, now=timezone.now())


def test_j2_taken_back_the_copy_is_gone_and_the_next_look_refused(shared, sam, ana):
    assert shared.take_back(by=sam, now=timezone.now()) is True
    assert not SharedCopy.objects.exists()
    assert not Share.objects.visible_to(ana).exists()
    with pytest.raises(PermissionDenied):
        shared.opened(by=ana, now=timezone.now())
    shared.refresh_from_db()
    assert (shared.ended_at, shared.ended_by) == (timezone.now(), sam)
    assert shared.take_back(by=sam, now=timezone.now() + timedelta(hours=1)) is False
    shared.refresh_from_db()
    assert shared.ended_at == timezone.now()


def test_j2_only_its_writer_takes_a_share_back(shared, ana, noor):
    for other in (ana, noor):
        with pytest.raises(PermissionDenied):
            shared.take_back(by=other, now=timezone.now())
    assert SharedCopy.objects.exists()


def test_j2_taken_back_and_shared_anew_is_another_share(shared, sam, ana):
    shared.take_back(by=sam, now=timezone.now())
    again = shared.entry.share(with_=ana, by=sam, revision=1, now=timezone.now())
    assert again != shared
    assert list(Share.objects.visible_to(ana)) == [again]


def test_j2_a_last_day_is_over_at_midnight_of_the_writer(write, frozen, sam, ana):
    entry = write(sam)
    last = date(2026, 11, 27)
    share = entry.share(with_=ana, by=sam, revision=1, ends_on=last, now=timezone.now())
    assert share.ends_at == datetime(2026, 11, 28, 5, 0, tzinfo=UTC)  # midnight in New York
    frozen.move_to(share.ends_at - timedelta(seconds=1))
    assert Share.objects.visible_to(ana).exists()
    frozen.move_to(share.ends_at)
    assert not Share.objects.visible_to(ana).exists()
    assert not SharedCopy.objects.visible_to(ana).exists()


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_j2_a_last_day_is_after_today_and_within_ninety_days(write, sam, ana, days):
    with pytest.raises(NoSuchDay):
        write(sam).share(
            with_=ana, by=sam, revision=1, ends_on=DAY + timedelta(days=days), now=timezone.now()
        )
    assert not Share.objects.exists()


def test_j2_what_is_over_is_ended_and_its_copy_destroyed(write, frozen, sam, ana):
    kept, brief = write(sam, "kept"), write(sam, "brief")
    kept.share(with_=ana, by=sam, revision=1, now=timezone.now())
    share = brief.share(with_=ana, by=sam, revision=1, ends_on=date(2026, 11, 25), now=timezone.now())
    assert Share.objects.end_over(timezone.now()) == 0
    frozen.shift(timedelta(days=3))
    assert Share.objects.end_over(timezone.now()) == 1
    share.refresh_from_db()
    assert (share.ended_at, share.ended_by) == (timezone.now(), None)
    assert [copy.share.entry for copy in SharedCopy.objects.all()] == [kept]


@pytest.mark.parametrize("reason", ["team", "reader closed", "reader's role", "writer closed"])
def test_j2_a_share_ends_with_the_care_and_with_an_account(shared, sam, ana, reason):
    if reason == "team":
        CareTeamMember.objects.update(ended_at=timezone.now())
    elif reason == "reader's role":
        type(ana).objects.filter(pk=ana.pk).update(role="manager")
    else:
        gone = ana if reason == "reader closed" else sam
        type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    assert Share.objects.end_over(timezone.now()) == 1
    assert not SharedCopy.objects.exists()
    assert Share.objects.end_over(timezone.now()) == 0


def test_ending_asks_once_where_nothing_is_over(shared, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Share.objects.end_over(timezone.now()) == 0


def test_a6_all_shares_of_one_person_end_together(shared, write, noor, ana, mara):
    CareTeamMember.objects.create(client=noor, clinician=ana, is_primary=True, started_at=timezone.now())
    hers = write(noor).share(with_=ana, by=noor, revision=1, now=timezone.now())
    assert Share.objects.end_all(shared.client, by=mara, now=timezone.now()) == 1
    shared.refresh_from_db()
    assert (shared.ended_at, shared.ended_by) == (timezone.now(), mara)
    assert list(SharedCopy.objects.all()) == [hers.copy]


def test_j2_deleting_a_page_ends_its_shares_for_good(shared, sam, ana):
    entry = Entry.objects.get()
    entry.discard(by=sam, now=timezone.now())
    assert not SharedCopy.objects.exists()
    assert not Share.objects.visible_to(ana).exists()
    entry.bring_back(by=sam, now=timezone.now())
    assert not Share.objects.visible_to(ana).exists()
    entry.discard(by=sam, now=timezone.now())
    with pytest.raises(ChangedMeanwhile):
        entry.share(with_=ana, by=sam, revision=1, now=timezone.now())


def test_j2_answers_stay_with_the_writer_when_the_page_is_taken_back(shared, sam, ana):
    shared.answer("Thank you.", by=ana, client_token=shared.pk, now=timezone.now())
    shared.take_back(by=sam, now=timezone.now())
    assert [answer.text for answer in Reply.objects.opened(by=sam)] == ["Thank you."]
    assert Reply.objects.opened(by=ana) == []
