"""Whoever leaves the house takes their pages with them: what they shared is open to nobody (A6, J2)."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import CareTeamMember
from journal.models import Entry, Page, Share, SharedCopy
from recovery_site.actions import discharge, readmit, record_death
from recovery_site.actions.departure import effects_of_leaving
from recovery_site.celery import app

TODAY, NOW = date(2026, 11, 24), datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture
def share(frozen, sam, ana):
    entry, _new = Entry.objects.write(
        by=sam, client_token=uuid.uuid4(), page=Page("Mine", "For Ana"), on=TODAY, now=NOW
    )
    return entry.share(with_=ana, by=sam, revision=1, now=NOW)


@pytest.mark.parametrize("act", [discharge, record_death])
def test_a6_shares_end_with_the_stay(share, sam, ana, mara, act):
    act(client=sam, on=TODAY, by=mara, now=NOW)
    share.refresh_from_db()
    assert (share.ended_at, share.ended_by) == (NOW, mara)
    assert not SharedCopy.objects.exists()
    assert not Share.objects.visible_to(ana).exists()


def test_a6_coming_back_revives_no_share(share, sam, ana, mara):
    discharge(client=sam, on=TODAY, by=mara, now=NOW)
    later = NOW + timedelta(days=1)
    readmit(client=sam, on=TODAY + timedelta(days=1), bed="", by=mara, now=later)
    CareTeamMember.objects.appoint(client=sam, clinician=ana, by=mara, now=later)
    assert not Share.objects.visible_to(ana).exists()
    assert not SharedCopy.objects.exists()


def test_j1_a_manager_is_not_told_whether_somebody_shares_pages(share, sam, mara, client_of):
    """Nor does a discharge say that something changed because a page was shared."""
    address = reverse("home:discharge", args=[sam.pk])
    seen, page = effects_of_leaving(client=sam, on=TODAY, now=NOW).mark, client_of(mara).get(address)
    share.take_back(by=sam, now=NOW)
    words = "What they shared of their journal, if they did."
    assert words in page.text
    assert words in client_of(mara).get(address).text
    assert effects_of_leaving(client=sam, on=TODAY, now=NOW).mark == seen


def test_what_is_over_is_ended_every_ten_minutes():
    beat = app.conf.beat_schedule["end shares"]
    assert beat["task"] == "journal.end_shares"
    assert beat["schedule"].minute == {0, 10, 20, 30, 40, 50}
