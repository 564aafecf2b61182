"""Who reads which list, who opens which page, and what is noted when they do."""

import uuid
from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessRecord, CareTeamMember, EmergencyAccess, Stay, User
from accounts.roles import Role
from checkins.answers import Answers
from checkins.models import CheckIn
from tests.home.conftest import NOW, TODAY, squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
LIST = "/people/"
SENTINEL = "heron-over-the-mill-pond"


def address(user: User) -> str:
    return reverse("home:person", args=[user.pk])


def page_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return squeezed(response.content.decode())


def looks() -> set[tuple]:
    return set(AccessRecord.objects.values_list("actor__username", "subject_id", "what"))


@pytest.fixture
def tom(db) -> User:
    """Went home a month ago."""
    tom = User.objects.create(username="tom", chosen_name="Tom Before", role=Role.CLIENT)
    Stay.objects.create(client=tom, admitted_on=date(2026, 9, 1), discharged_on=date(2026, 10, 20))
    return tom


@pytest.mark.parametrize(
    ("name", "status"), [("sam", 404), ("noor", 404), ("ana", 200), ("dev", 200), ("eli", 404), ("mara", 200)]
)
def test_the_list_is_for_clinicians_and_managers(name, status, cast, client_of):
    assert client_of(cast[name]).get(LIST).status_code == status


def test_a_clinician_reads_who_is_in_the_house_and_opens_only_their_own(cast, tom, client_of):
    page = page_of(client_of(cast["ana"]), LIST)
    assert address(cast["sam"]) in page
    assert "since 7 November" in page
    assert "Noor" in page
    assert f'"{address(cast["noor"])}"' not in page  # the way in an emergency is longer (A10)
    assert "since 16 November" in page
    for hidden in ("Tom Before", "Elm 3", "she, her"):
        assert hidden not in page
    assert f'"{address(cast["sam"])}"' not in page_of(client_of(cast["dev"]), LIST)
    assert looks() == set()


@pytest.mark.parametrize(
    ("name", "open_pages"),
    [
        ("sam", set()),
        ("noor", set()),
        ("ana", {"ana", "sam"}),
        ("dev", {"dev"}),
        ("eli", set()),
        ("mara", {"sam", "noor", "ana", "dev", "eli", "mara"}),
    ],
)
def test_whose_page_opens(name, open_pages, cast, client_of):
    client = client_of(cast[name])
    found = {other for other, user in cast.items() if client.get(address(user)).status_code == 200}
    assert found == open_pages
    missing = client.get(reverse("home:person", args=[uuid.uuid4()]))
    closed = client.get(address(cast["noor"])) if "noor" not in open_pages else missing
    assert missing.status_code == closed.status_code == 404
    assert len(missing.content) == len(closed.content)


def test_the_care_team_reads_check_ins_with_their_notes(sam, ana, client_of):
    CheckIn.objects.answer(Answers(mood=2, sleep=1, note=SENTINEL), by=sam, now=NOW - timedelta(days=1))
    CheckIn.objects.answer(Answers(mood=4, note="too long ago"), by=sam, now=NOW - timedelta(days=14))
    CheckIn.objects.skip(by=sam, now=NOW)
    page = page_of(client_of(ana), address(sam))
    assert SENTINEL in page
    assert "<strong>Hard</strong>" in page
    assert "sleep 1 of 5" in page
    assert "Not today" in page
    assert "too long ago" not in page


def test_h2_the_title_that_browser_history_keeps_names_nobody(sam, ana, client_of):
    page = page_of(client_of(ana), address(sam))
    assert "<title>Person</title>" in page
    assert f"<bdi>{sam}</bdi>" in page


def test_what_a_client_wrote_is_shown_as_text(sam, ana, client_of):
    CheckIn.objects.answer(Answers(note="<img src=x onerror=alert(1)>"), by=sam, now=NOW)
    page = page_of(client_of(ana), address(sam))
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_a5_each_look_is_noted(sam, ana, mara, client_of):
    CheckIn.objects.answer(Answers(mood=2), by=sam, now=NOW)
    client_of(ana).get(address(sam))
    assert looks() == {("ana", sam.pk, what) for what in ("profile", "attendance", "check_in")}
    client_of(mara).get(address(sam))
    assert looks() - {("ana", sam.pk, what) for what in ("profile", "attendance", "check_in")} == {
        ("mara", sam.pk, "profile")
    }


def test_a5_what_was_not_shown_is_not_noted(sam, ana, dev, client_of):
    client_of(dev).get(address(sam))
    assert looks() == set()
    client_of(ana).get(address(sam))
    assert ("ana", sam.pk, "check_in") not in looks()


def test_a_manager_reads_stay_and_care_team_alone(sam, ana, mara, client_of, make_session, book):
    CheckIn.objects.answer(Answers(mood=2, note=SENTINEL), by=sam, now=NOW)
    book(make_session("Seeking safety"), sam)
    page = page_of(client_of(mara), address(sam))
    assert "Since 7 November 2026, Elm 2" in page
    assert "<bdi>Ana Ruiz</bdi><small>primary · since" in page
    for hidden in (SENTINEL, "Check-ins", "Seeking safety", "Hard"):
        assert hidden not in page


def test_a_clinician_reads_bookings_and_what_was_recorded(sam, noor, ana, dev, client_of, make_session, book):
    past = make_session("Clay and color", lead=dev, day=TODAY - timedelta(days=1))
    book(past, sam)
    past.record({sam.pk: "late"}, by=dev, now=NOW)
    book(make_session("Morning circle", lead=dev, day=TODAY - timedelta(days=2)), sam)
    book(make_session("Seeking safety", time(16)), sam, "waitlisted")
    book(make_session("Of Noor", time(17), lead=ana), noor)
    page = page_of(client_of(ana), address(sam))
    assert "Clay and color<small>Mon 23 Nov · Late" in page
    assert "Morning circle<small>Sun 22 Nov · not recorded" in page
    assert "waits for a place" in page
    assert "Of Noor" not in page


def test_the_page_says_who_sees_it(sam, ana, mara, client_of):
    page = page_of(client_of(ana), address(sam))
    assert "You, Sam and the managers can see this. Sam reads that you looked." in page
    assert "You and Sam can see this." in page  # the check-ins
    assert "You, Ana Ruiz and Sam can see this. Sam reads" in page_of(client_of(mara), address(sam))


def test_a10_the_page_of_an_emergency_says_of_each_part_who_sees_it(sam, ana, dev, mara, client_of):
    EmergencyAccess.objects.begin(client=sam, by=dev, reason="Sam did not wake up.", now=NOW)
    check_ins, contact = page_of(client_of(dev), address(sam)).split('aria-labelledby="contact"')
    assert "You, Ana Ruiz and Sam can see this." in check_ins
    assert "the managers" not in check_ins
    assert "the managers can see this." in contact


def test_whoever_has_a_closed_account_is_not_said_to_read_anything(tom, mara, client_of):
    looked = "Tom Before reads that you looked."
    assert looked in page_of(client_of(mara), address(tom))
    User.objects.filter(pk=tom.pk).update(is_active=False, closed_at=NOW)
    page = page_of(client_of(mara), address(tom))
    assert looked not in page
    assert "<dt>Closed on</dt><dd>24 November 2026</dd>" in page


def test_a_manager_reads_whom_a_clinician_cares_for(sam, ana, dev, mara, client_of):
    client = client_of(mara)
    assert address(sam) in page_of(client, address(ana))
    assert address(sam) not in page_of(client, address(dev))


def test_leaving_the_care_team_closes_the_page_on_the_next_request(sam, ana, client_of):
    client = client_of(ana)
    assert client.get(address(sam)).status_code == 200
    CareTeamMember.objects.update(ended_at=NOW)
    assert client.get(address(sam)).status_code == 404


@pytest.mark.parametrize("rows", [1, 12])
@pytest.mark.parametrize(("name", "queries"), [("ana", 17), ("mara", 8)])
def test_a_page_costs_the_same_for_a_full_fortnight(
    rows, name, queries, cast, client_of, make_session, book, django_assert_num_queries
):
    sam = cast["sam"]
    for number in range(rows):
        CheckIn.objects.answer(Answers(mood=3), by=sam, now=NOW - timedelta(days=number))
        session = make_session(
            f"Group {number}",
            time(13 + number // 6),
            lead=cast["ana"],
            day=TODAY + timedelta(days=number % 6 - 3),
        )
        book(session, sam)
    browser = client_of(cast[name])
    with django_assert_num_queries(queries):
        browser.get(address(sam))
