"""What a client reads about who looked, and what else happened to the account (A5, A10)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, AuditEvent, EmergencyAccess, Invitation, User, access

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
LOG = "/me/access/"


def look(actor, client, what="check_in", **ago) -> None:
    AccessRecord.objects.note(actor=actor, subjects=[client.pk], what=what, now=NOW - timedelta(**ago))


def page_of(client, address=LOG) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def lines(client, address=LOG) -> list[tuple[str, str]]:
    return [(line.actor, line.words) for line, _emergency in client.get(address).context["lines"]]


def test_a5_a_client_reads_who_looked_in_plain_words_and_nobody_elses(sam, noor, ana, dev, client_of):
    look(ana, sam)
    look(dev, noor, "profile")
    page = page_of(client_of(sam))
    assert "<strong><bdi>Ana Ruiz</bdi></strong> read your check-ins" in page
    assert "Dev Patel" not in page
    assert "What is noted, and what is not" in page


def test_a5_staff_read_no_log_but_their_own(sam, ana, mara, client_of):
    look(mara, sam)
    assert lines(client_of(ana)) == lines(client_of(mara)) == []


def test_a5_what_one_person_opens_again_and_again_is_one_line_an_hour(sam, ana, dev, client_of):
    for minutes, actor, what in [
        *((70, ana, "profile"), (5, ana, "profile"), (3, ana, "profile")),
        *((3, ana, "check_in"), (2, dev, "profile"), (61, ana, "profile")),
    ]:
        look(actor, sam, what, minutes=minutes)
    found = [(line.actor, line.what, line.at) for line, _ in client_of(sam).get(LOG).context["lines"]]
    assert found == [
        ("Dev Patel", "profile", NOW - timedelta(minutes=2)),
        ("Ana Ruiz", "check_in", NOW - timedelta(minutes=3)),
        ("Ana Ruiz", "profile", NOW - timedelta(minutes=3)),
        ("Ana Ruiz", "profile", NOW - timedelta(minutes=61)),
    ]


def test_a5_the_hour_is_that_of_the_programs_clock(sam, ana, client_of):
    with timezone.override("Asia/Kolkata"):  # half an hour apart from the others
        for minutes in (10, -5):
            look(ana, sam, minutes=minutes)
        rows, _more = AccessRecord.objects.visible_to(sam).lines()
    assert len(rows) == 1
    assert len(lines(client_of(sam))) == 2


def walk(client) -> tuple[list, int]:
    """Every line by following "Show more", and the number of pages."""
    found, address, pages = [], LOG, 0
    while address:
        response = client.get(address)
        found += [(line.at, line.actor_id, line.what) for line, _ in response.context["lines"]]
        address, pages = LOG + response.context["more"] if response.context["more"] else "", pages + 1
    return found, pages


@pytest.mark.parametrize("looks", [1000, 40])
def test_a5_every_line_comes_once_whatever_the_length_of_a_page(looks, sam, ana, dev, client_of, monkeypatch):
    monkeypatch.setattr(access, "LINES", 5)
    monkeypatch.setattr(access, "LOOKS", looks)
    for number in range(120):
        for actor in (ana, dev):
            for what in ("check_in", "profile"):
                look(actor, sam, what, minutes=20 * number)
    found, pages = walk(client_of(sam))
    assert len(found) == len(set(found)) == 41 * 4  # hours that the minutes fall into
    assert found == sorted(found, key=lambda line: line[0], reverse=True)
    assert pages > 10


@pytest.mark.parametrize("before", ["", "x", "-5", "9" * 30, "0", "²", "99999999999"])
def test_an_address_that_makes_no_sense_shows_the_beginning(before, sam, ana, client_of):
    look(ana, sam)
    response = client_of(sam).get(LOG, {"before": before})
    assert response.status_code == 200


def test_the_log_costs_the_same_with_one_row_and_with_thirty(sam, ana, client_of, django_assert_num_queries):
    client = client_of(sam)
    for rows in (1, 29):
        for _row in range(rows):
            look(ana, sam, hours=rows)
            AuditEvent.objects.record(AuditEvent.Act.EXPORTED, by=sam, about=sam, now=NOW)
        with django_assert_num_queries(6):  # session, user, how far back, lines, cards, downloads
            client.get(LOG)


def test_a_client_reads_new_cards_and_downloads_of_thirty_days(sam, noor, ana, mara, client_of):
    card = Invitation.objects.create(
        role="client", person=sam, issued_by=ana, issued_at=NOW, expires_at=NOW + timedelta(days=1)
    )
    AuditEvent.objects.record(AuditEvent.Act.EXPORTED, by=sam, about=sam, now=NOW)
    AuditEvent.objects.record(AuditEvent.Act.EXPORTED, by=noor, about=noor, now=NOW - timedelta(days=3))
    client = client_of(sam)
    page = page_of(client)
    assert "Ana Ruiz asked for a new sign-in card for you on 24 November." in page
    assert "It has not been used." in page
    assert "On 24 November 2026 at 10:00 a.m. all that is yours was downloaded." in page
    assert "21 November" not in page
    Invitation.objects.filter(pk=card.pk).update(approved_by=mara, approved_at=NOW, used_at=NOW)
    assert "Mara Lind approved it. On 24 November at 10:00 a.m. it was used." in page_of(client)
    Invitation.objects.filter(pk=card.pk).update(issued_at=NOW - timedelta(days=31))
    assert "sign-in card for you" not in page_of(client)
    assert "Your account" not in page_of(client_of(ana))


def test_a10_an_emergency_stands_in_the_log_with_its_reason(sam, noor, ana, dev, client_of):
    reason = "Sam did not wake up after lunch."
    EmergencyAccess.objects.begin(client=sam, by=dev, reason=reason, now=NOW)
    EmergencyAccess.objects.begin(client=noor, by=dev, reason="Of somebody else.", now=NOW)
    page = page_of(client_of(sam))
    assert "<strong><bdi>Dev Patel</bdi></strong> opened your page in an emergency" in page
    assert reason in page
    assert "Of somebody else" not in page


def test_the_name_of_whoever_looked_is_shown_as_text(sam, client_of):
    odd = User.objects.create(username="odd", role="clinician", chosen_name="<b>Odd</b>")
    look(odd, sam)
    assert "&lt;b&gt;Odd" in page_of(client_of(sam))


def test_the_log_leads_nowhere_for_whoever_is_not_signed_in(client):
    assert client.get(LOG).url.startswith(reverse("account_login"))
