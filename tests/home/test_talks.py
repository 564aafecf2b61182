"""Talks are noted once and taken back for ten minutes; whoever was called reads why (K6)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AccessRecord, CareTeamMember, Contact, OutreachTask, User
from checkins import rules
from recovery_site.home import ladder
from tests.cast import person
from tests.home.conftest import NOW, TODAY, squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def page_of(client, url="/today/") -> str:
    return squeezed(client.get(url).content.decode())


@pytest.fixture
def task(sam, ana) -> OutreachTask:
    """Sam came three days ago and was not heard from since; Ana was called."""
    User.objects.update(joined_at=NOW - timedelta(days=20))
    sam.stays.update(admitted_on=TODAY - timedelta(days=3))
    ladder.climb(NOW)
    return OutreachTask.objects.get()


def test_k6_the_page_of_whoever_was_called_says_since_when(task, sam, ana, client_of):
    kim = person("kim", "clinician", "Kim Adu", "")
    CareTeamMember.objects.create(client=sam, clinician=kim)
    page = page_of(client_of(ana))
    assert "No check-in since Saturday, and no group either." in page
    assert "I will go" in page
    assert AccessRecord.objects.filter(actor_id=ana.pk, subject_id=sam.pk, what="attendance").count() == 1
    assert "They need someone" not in page_of(client_of(kim))
    task.call_next_person(NOW)
    assert "They need someone" in page_of(client_of(kim))


def test_k6_called_colleagues_who_are_gone_leave_it_to_the_whole_team(task, sam, ana, client_of):
    kim = person("kim", "clinician", "Kim Adu", "")
    CareTeamMember.objects.create(client=sam, clinician=kim)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert "They need someone" in page_of(client_of(kim))


def test_k6_a_talk_is_taken_back_for_ten_minutes(task, sam, ana, client_of, frozen):
    client = client_of(ana)
    client.post(reverse("home:outreach_taking", args=[task.pk]))
    response = client.post(reverse("home:outreach_closing", args=[task.pk]))
    assert "That was a slip" in page_of(client, response.headers["Location"])
    frozen.shift(9 * 60)
    client.post(reverse("home:outreach_slip", args=[task.pk]))
    task.refresh_from_db()
    assert (task.closed_at, task.taken_by, Contact.objects.count()) == (None, ana, 0)
    response = client.post(reverse("home:outreach_closing", args=[task.pk]))
    frozen.shift(10 * 60)
    assert "That was a slip" not in page_of(client, response.headers["Location"])
    client.post(reverse("home:outreach_slip", args=[task.pk]))
    assert Contact.objects.count() == 1


def test_k6_nobody_takes_back_the_talk_of_a_colleague(task, sam, ana, client_of):
    kim = person("kim", "clinician", "Kim Adu", "")
    CareTeamMember.objects.create(client=sam, clinician=kim)
    task.close(by=ana, now=NOW)
    assert client_of(kim).post(reverse("home:outreach_slip", args=[task.pk])).status_code == 303
    assert Contact.objects.count() == 1


def test_k6_we_talked_today_once_a_day_ends_what_nobody_took(task, sam, ana, client_of, frozen):
    client = client_of(ana)
    page = reverse("home:person", args=[sam.pk])
    assert "We talked today" in page_of(client, page)
    for _twice in range(2):
        client.post(reverse("home:talk", args=[sam.pk]))
    task.refresh_from_db()
    assert (Contact.objects.count(), task.closed_by, task.taken_by) == (1, sam, None)
    html = page_of(client, page)
    assert "We talked today" not in html
    assert "That was a slip" in html
    client.post(reverse("home:talk_slip", args=[sam.pk]))
    assert Contact.objects.count() == 0
    ladder.climb(NOW + timedelta(minutes=10))
    task.refresh_from_db()
    assert task.closed_at is None


@pytest.mark.parametrize("nonsense", ["", "x", "0" * 32])
def test_an_address_with_nonsense_offers_nothing(ana, client_of, nonsense):
    assert "That was a slip" not in page_of(client_of(ana), f"/today/?talk={nonsense}")


def test_k6_the_client_reads_the_rules_with_the_figures_of_the_code(sam, ana, client_of, monkeypatch):
    page = page_of(client_of(sam), reverse("checkins:rules"))
    assert "After two whole days in a row, we ask Ana Ruiz to see how you are." in page
    assert "After three whole days in a row" in page
    assert "within four working hours" in page
    assert "3 a.m." in page
    assert "9 a.m. to 5 p.m." in page
    monkeypatch.setattr(rules.ladder, "TO_THE_PRIMARY", 5)
    assert "After 5 whole days in a row" in page_of(client_of(sam), reverse("checkins:rules"))
