"""A share stands as long as the care in which it was made (J2)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import CareTeamMember
from journal.models import Share, SharedCopy


@pytest.fixture
def left_and_back(frozen, write, sam, ana):
    """A page that Sam shared with Ana, who left the team since and is on it again. The clock of the shares
    has not come by meanwhile."""
    share = write(sam, "By the heron.").share(with_=ana, by=sam, revision=1, now=timezone.now())
    frozen.shift(timedelta(minutes=1))
    CareTeamMember.objects.update(ended_at=timezone.now())
    frozen.shift(timedelta(minutes=1))
    CareTeamMember.objects.create(client=sam, clinician=ana, started_at=timezone.now())
    return share


def test_j2_whoever_comes_back_to_the_team_reads_nothing_that_was_shared_before(
    left_and_back, ana, client_of
):
    browser = client_of(ana)
    assert browser.get(f"/journal/shared/{left_and_back.pk}/").status_code == 404
    assert not Share.objects.standing(timezone.now()).exists()
    assert not SharedCopy.objects.visible_to(ana).exists()
    with pytest.raises(PermissionDenied):
        left_and_back.opened(by=ana, now=timezone.now())
    assert Share.objects.end_over(timezone.now()) == 1
    assert not SharedCopy.objects.exists()


def test_j2_shared_again_after_that_it_is_a_share_of_its_own(left_and_back, sam, ana):
    again = left_and_back.entry.share(with_=ana, by=sam, revision=1, now=timezone.now())
    assert again.pk != left_and_back.pk
    assert again.opened(by=ana, now=timezone.now()).page.text == "By the heron."
    assert [copy.share for copy in SharedCopy.objects.all()] == [again]
    left_and_back.refresh_from_db()
    assert left_and_back.ended_at == timezone.now()


def test_j2_who_joins_the_team_while_the_share_waits_reads_it(frozen, write, sam, dev):
    pressed = timezone.now()
    frozen.shift(1)
    CareTeamMember.objects.create(client=sam, clinician=dev, started_at=timezone.now())
    share = write(sam).share(with_=dev, by=sam, revision=1, now=pressed)
    assert list(Share.objects.standing(timezone.now())) == [share]
