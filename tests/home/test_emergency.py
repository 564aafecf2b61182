"""Break-glass: a clinician from outside the care team opens a page for an hour, and everybody knows (A10)."""

import threading
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import AccessRecord, AuditEvent, CareTeamMember, EmergencyAccess, Stay
from accounts.notices import EMERGENCY, OWN_EMERGENCY
from checkins.answers import Answers
from checkins.models import CheckIn
from groups.models import Attendance
from journal.models import Entry, Page
from notifications.models import Notification
from tests.home.conftest import NOW, TODAY, squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
REASON = "Sam did not wake up after lunch."
SENTINEL = "heron-over-the-mill-pond"
HOUR = timedelta(hours=1)


def way(person) -> str:
    return reverse("home:emergency", args=[person.pk])


def page(person) -> str:
    return reverse("home:person", args=[person.pk])


def begin(client, by, now=NOW) -> EmergencyAccess:
    return EmergencyAccess.objects.begin(client=client, by=by, reason=REASON, now=now)


@pytest.fixture
def dev_again(client_of, again, dev):
    return again(client_of(dev), dev)


def test_a10_the_list_leads_there_for_those_whom_others_care_for(sam, noor, ana, dev, client_of):
    assert way(sam) in client_of(dev).get("/people/").content.decode()
    listed = client_of(ana).get("/people/").content.decode()
    assert way(noor) in listed
    assert way(sam) not in listed


def test_a10_help_lines_come_first_and_nothing_of_the_person_nor_who_cares_for_them(
    sam, ana, dev, client_of, lines
):
    CheckIn.objects.answer(Answers(note=SENTINEL), by=sam, now=NOW)
    response = client_of(dev).get(way(sam))
    text = response.content.decode()
    assert response.status_code == 200
    assert text.index(lines[0].tel_link) < text.index("Open the page for one hour")
    assert "the care team are told at once" in squeezed(text)
    assert "<textarea" not in text  # first it must be shown that it is still them
    for hidden in (SENTINEL, "Ana Ruiz", sam.email, "Elm 2", "they, them"):
        assert hidden not in text
    assert AccessRecord.objects.count() == AuditEvent.objects.count() == EmergencyAccess.objects.count() == 0


@pytest.mark.parametrize("name", ["sam", "noor", "ana", "eli", "mara"])
def test_a10_it_is_there_for_clinicians_of_others_alone(name, cast, client_of):
    client = client_of(cast[name])
    assert client.get(way(cast["sam"])).status_code == 404
    assert client.post(way(cast["sam"]), {"reason": REASON}).status_code == 404
    assert EmergencyAccess.objects.count() == 0


@pytest.mark.parametrize("who", ["ana", "dev", "gone", "nobody"])
def test_a10_only_the_page_of_a_client_in_the_house_can_be_opened(who, cast, dev_again):
    gone = cast["noor"]
    Stay.objects.filter(client=gone).update(discharged_on=date(2026, 11, 23))
    path = (
        reverse("home:emergency", args=[uuid.uuid4()])
        if who == "nobody"
        else way({**cast, "gone": gone}[who])
    )
    assert dev_again.get(path).status_code == 404
    assert dev_again.post(path, {"reason": REASON}).status_code == 404


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "Please fill this in"),
        ("  \n ", "Please fill this in"),
        ("help now", "a few more words"),
        ("a\0b c d", "cannot be kept"),
        ("long " * 300, "room for 1000"),
    ],
)
def test_a10_without_a_reason_nothing_opens(reason, said, sam, ana, dev_again):
    response = dev_again.post(way(sam), {"reason": reason})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert EmergencyAccess.objects.count() == 0
    assert dev_again.get(page(sam)).status_code == 404


def test_a10_a_sign_in_of_long_ago_opens_nothing_and_keeps_the_words(sam, ana, dev, client_of):
    client = client_of(dev)
    response = client.post(way(sam), {"reason": REASON})
    text = response.content.decode()
    assert response.status_code == 422
    assert f"{REASON}</textarea>" in text
    assert reverse("account_reauthenticate") in text
    assert EmergencyAccess.objects.count() == 0
    assert REASON not in str(dict(client.session))


def test_a10_the_page_opens_for_an_hour_and_no_longer(sam, ana, dev, dev_again, client_of, frozen):
    for days, words in [(0, SENTINEL), (6, "six days ago"), (7, "a week ago")]:
        CheckIn.objects.answer(Answers(mood=2, note=words), by=sam, now=NOW - timedelta(days=days))
    assert dev_again.get(page(sam)).status_code == 404
    response = dev_again.post(way(sam), {"reason": REASON})
    assert (response.status_code, response.url) == (303, page(sam))
    text = squeezed(dev_again.get(page(sam)).content.decode())
    for shown in (
        "Sam",
        "they, them",
        sam.email,
        "Elm 2",
        "Ana Ruiz",
        SENTINEL,
        "six days ago",
        "Until 11:00 a.m.",
    ):
        assert shown in text
    assert "a week ago" not in text
    frozen.shift(HOUR - timedelta(seconds=1))
    later = client_of(dev)  # the first sign-in has ended meanwhile (A4)
    assert later.get(page(sam)).status_code == 200
    frozen.shift(timedelta(seconds=1))
    assert later.get(page(sam)).status_code == 404
    assert CheckIn.objects.for_emergency(sam, by=dev, now=NOW + HOUR) == []


def test_a10_never_the_journal_never_a_group_never_a_share(sam, ana, dev, dev_again, make_session, book):
    entry, _new = Entry.objects.write(
        by=sam, client_token=uuid.uuid4(), page=Page("Title", SENTINEL), on=TODAY, now=NOW
    )
    session = make_session("Clay and color", lead=ana)
    book(session, sam)
    begin(sam, dev)
    text = dev_again.get(page(sam)).content.decode()
    for hidden in (SENTINEL, "Title", "Clay and color"):
        assert hidden not in text
    assert dev_again.get(reverse("journal:entry_detail", args=[entry.pk])).status_code == 404
    assert "Sam" not in dev_again.get(session.get_absolute_url()).content.decode().replace("Samuel", "")
    assert not CheckIn.objects.visible_to(dev).exists()
    assert not Attendance.objects.visible_to(dev).exists()


def test_a10_it_opens_one_page_for_one_person(sam, noor, ana, dev, client_of, again):
    mo = type(dev).objects.create(username="mo", chosen_name="Mo", role="clinician")
    begin(sam, dev)
    assert client_of(dev).get(page(noor)).status_code == 404
    assert client_of(mo).get(page(sam)).status_code == 404
    assert client_of(ana).get(page(noor)).status_code == 404


def test_a10_each_opening_is_noted_and_told(sam, ana, dev, mara, dev_again):
    CheckIn.objects.answer(Answers(mood=2), by=sam, now=NOW)
    dev_again.post(way(sam), {"reason": REASON})
    dev_again.get(page(sam))
    looks = AccessRecord.objects.filter(actor=dev).values_list("subject_id", "what")
    assert sorted(looks) == [(sam.pk, "check_in"), (sam.pk, "emergency"), (sam.pk, "profile")]
    event = AuditEvent.objects.get(act=AuditEvent.Act.EMERGENCY)
    assert (event.actor_id, event.subject_id, event.detail, event.at) == (dev.pk, sam.pk, "", NOW)
    told = Notification.objects.filter(kind__in=[EMERGENCY, OWN_EMERGENCY])
    assert set(told.values_list("recipient__username", "kind", "not_before")) == {
        ("sam", OWN_EMERGENCY, NOW),
        ("ana", EMERGENCY, NOW),
    }


def test_a10_the_notices_lead_to_the_log_and_to_the_page(sam, ana, dev, client_of):
    begin(sam, dev)
    Notification.objects.update(shown_at=NOW)
    for person, where in [(sam, reverse("accounts:access")), (ana, page(sam))]:
        notice = Notification.objects.get(recipient=person)
        response = client_of(person).get(reverse("notifications:notice", args=[notice.pk]))
        assert response.url == where
        assert dev.chosen_name not in notice.notice
        text = client_of(person).get(where).content.decode()
        assert REASON in text
        assert "Dev Patel" in text


def test_a10_the_reason_is_sealed_and_for_the_client_and_the_care_team(sam, ana, dev, mara, client_of):
    access = begin(sam, dev)
    access.refresh_from_db()
    assert REASON.encode() not in bytes(access.reason_sealed)
    for reader, found in [(sam, [REASON]), (ana, [REASON]), (dev, []), (mara, [])]:
        assert [row.reason for row in EmergencyAccess.objects.read(by=reader)] == found
    assert REASON not in client_of(mara).get(page(sam)).content.decode()
    sam.data_key.delete()
    assert [row.reason for row in EmergencyAccess.objects.read(by=ana)] == [None]


def test_a10_whoever_joins_the_care_team_meanwhile_sees_the_whole_page(sam, ana, dev, client_of):
    begin(sam, dev)
    CareTeamMember.objects.create(client=sam, clinician=dev)
    text = client_of(dev).get(page(sam)).content.decode()
    assert "Check-ins of two weeks" in text
    assert client_of(dev).get(way(sam)).status_code == 404


def test_a10_a_client_who_left_is_no_longer_shown(sam, ana, dev, client_of):
    begin(sam, dev)
    Stay.objects.filter(client=sam).update(discharged_on=TODAY)
    assert client_of(dev).get(page(sam)).status_code == 404


def test_a10_a_second_click_finds_the_page_open(sam, ana, dev_again):
    for _click in range(2):
        assert dev_again.post(way(sam), {"reason": REASON}).url == page(sam)
    assert dev_again.get(way(sam)).url == page(sam)
    assert EmergencyAccess.objects.count() == AuditEvent.objects.count() == 1


def test_a10_whoever_is_done_closes_the_page_before_the_hour_is_over(sam, ana, dev, client_of, frozen):
    access = begin(sam, dev)
    browser = client_of(dev)
    frozen.shift(60)
    ending = reverse("home:emergency_ending", args=[sam.pk])
    assert ending in browser.get(page(sam)).content.decode()
    for _click in range(2):
        assert browser.post(ending).status_code == 303
    assert browser.get(page(sam)).status_code == 404
    access.refresh_from_db()
    assert access.ends_at == NOW + timedelta(seconds=60)


def test_a10_after_the_hour_a_new_reason_is_asked_for(sam, ana, dev):
    first, second = begin(sam, dev), begin(sam, dev, NOW + HOUR)
    assert first.pk != second.pk
    assert begin(sam, dev, NOW + 2 * HOUR - timedelta(seconds=1)).pk == second.pk


@pytest.mark.django_db(transaction=True)
def test_a10_two_clicks_at_once_make_one_access(sam, ana, dev):
    start = threading.Barrier(8)

    def click() -> None:
        start.wait()
        begin(sam, dev)
        connection.close()

    threads = [threading.Thread(target=click) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert EmergencyAccess.objects.count() == AuditEvent.objects.count() == 1
    assert AccessRecord.objects.count() == 1


def test_a10_without_the_vault_nothing_opens_and_it_is_said(sam, ana, dev, dev_again):
    CheckIn.objects.answer(Answers(mood=2), by=sam, now=NOW)
    type(sam.data_key).objects.update(key_name="lost")
    response = dev_again.post(way(sam), {"reason": REASON})
    assert response.status_code == 422
    assert "so the page stays closed" in response.content.decode()
    assert EmergencyAccess.objects.count() == 0


def test_a10_nobody_but_clinicians_reaches_anybody_in_an_emergency(cast):
    reach = {name: set(EmergencyAccess.objects.reach_of(person, NOW)) for name, person in cast.items()}
    assert {name for name, people in reach.items() if people} == {"ana", "dev"}
    assert (reach["ana"], reach["dev"]) == ({cast["noor"]}, {cast["sam"], cast["noor"]})
