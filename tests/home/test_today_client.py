"""What a client meets: how they are, their day, something to write about, two weeks, one small act."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessRecord, CareTeamMember, OutreachTask, User
from accounts.roles import Role
from checkins.answers import Answers
from checkins.models import CheckIn
from groups.models import Booking
from notifications.models import Notification
from recovery_site.home.acts import ACTS, act_of, turn_of
from tests.cast import person
from tests.home.conftest import NOW, TODAY, squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
URL = "/today/"


def page_of(client: Client, path: str = URL) -> str:
    return squeezed(client.get(path).content.decode())


def say(client: User, days_ago: int = 0, **answers) -> None:
    CheckIn.objects.answer(Answers(**answers), by=client, now=NOW - timedelta(days=days_ago))


def test_the_page_greets_by_name_day_and_stay(sam, client_of):
    page = page_of(client_of(sam))
    assert "Tuesday, 24 November · day 18 of your stay" in page
    assert "<h1>Good morning,<bdi>Sam</bdi>.</h1>" in page


@pytest.mark.parametrize(
    ("zone", "words"),
    [("", "Good morning"), ("Europe/Berlin", "Good afternoon"), ("Asia/Kolkata", "Good evening")],
)
def test_the_greeting_follows_the_persons_own_clock(sam, client_of, zone, words):
    User.objects.filter(pk=sam.pk).update(time_zone=zone)
    assert f"<h1>{words},<bdi>" in page_of(client_of(sam))


def test_without_a_stay_no_day_is_counted(sam, client_of):
    sam.stays.update(discharged_on=TODAY)
    assert "of your stay" not in page_of(client_of(sam))


def test_two_taps_are_a_check_in(sam, client_of):
    client = client_of(sam)
    page = page_of(client)
    assert f'action="{reverse("checkins:check_in")}"' in page
    assert page.count('type="radio" name="mood"') == 5
    response = client.post(reverse("checkins:check_in"), {"mood": "4"})
    assert response.status_code == 303
    assert "You said:<strong>Good</strong>" in page_of(client)
    assert 'name="mood"' not in page_of(client)


def test_not_today_is_an_answer(sam, client_of):
    CheckIn.objects.skip(by=sam, now=NOW)
    page = page_of(client_of(sam))
    assert "Not today is fine." in page
    assert 'name="mood"' not in page


def test_the_card_names_who_reads_it(sam, ana, client_of):
    assert "You and Ana Ruiz can see this." in page_of(client_of(sam))


def test_looking_at_oneself_is_not_noted(sam, ana, client_of):
    say(sam, mood=2)
    page_of(client_of(sam))
    assert not AccessRecord.objects.exists()


def test_the_day_shows_where_one_stands(sam, noor, ana, client_of, make_session, book):
    book(make_session("Morning circle", time(9, 30), lead=ana), sam)
    full = make_session("Seeking safety", time(13), places=1)
    book(full, noor)
    book(full, sam, Booking.State.WAITLISTED)
    make_session("Clay and color", time(16, 15))
    page = page_of(client_of(sam))
    assert page.index("Morning circle") < page.index("Seeking safety") < page.index("Clay and color")
    assert "You&#x27;re in" in page
    assert "Waitlist, you are 1st" in page
    assert ", with Ana Ruiz" in page
    assert "8 places left" in page
    assert page.count(">Join</button>") == 1
    assert "Noor" not in page


def test_joining_from_the_day_books_the_place(sam, client_of, make_session):
    session = make_session("Clay and color", time(16, 15))
    client = client_of(sam)
    address = reverse("groups:booking", args=[session.pk])
    assert f'action="{address}"' in page_of(client)
    assert client.post(address).status_code == 303
    assert Booking.objects.visible_to(sam).get().session == session
    assert "You&#x27;re in" in page_of(client)


def test_a_full_session_offers_to_wait(sam, noor, client_of, make_session, book):
    book(make_session("Seeking safety", places=1), noor)
    page = page_of(client_of(sam))
    assert "wait for a place" in page
    assert ">Join</button>" not in page


def test_an_empty_day_says_so(sam, client_of, make_session):
    make_session("Tomorrow", day=TODAY + timedelta(days=1))
    page = page_of(client_of(sam))
    assert "Nothing is planned for you today. Rest counts too." in page
    assert "Tomorrow" not in page


def test_two_weeks_are_a_line_with_gaps_and_no_count_of_what_is_missing(sam, client_of):
    for days_ago in (20, 13, 12, 3, 2, 1):
        say(sam, days_ago, mood=3)
    page = page_of(client_of(sam))
    assert page.count("<polyline") == 2
    assert "Five check-ins in fourteen days. Hard days count too." in page


def test_another_persons_days_are_not_drawn(sam, noor, client_of):
    say(noor, 1, mood=1, note="heron over the pond")
    page = page_of(client_of(sam))
    assert "<polyline" not in page
    assert "heron" not in page


def test_each_day_has_its_own_act_and_another_one_is_one_tap_away(sam, client_of):
    client = client_of(sam)
    shown = act_of(TODAY)
    page = page_of(client)
    assert shown in page
    assert f'href="{URL}?turn=1#act"' in page
    assert act_of(TODAY, 1) in page_of(client, f"{URL}?turn=1")
    fragment = client.get(reverse("home:act"), {"turn": 1}, headers={"HX-Request": "true"}).content.decode()
    assert act_of(TODAY, 1) in fragment
    assert "<html" not in fragment
    plain = client.get(reverse("home:act"), {"turn": 1})
    assert (plain.status_code, plain.url) == (303, f"{URL}?turn=1")


def test_twenty_acts_in_a_row_are_twenty_different_ones():
    assert len({act_of(TODAY + timedelta(days=number)) for number in range(20)}) == 20
    assert len({act_of(TODAY, turn) for turn in range(20)}) == 20
    assert act_of(date(2026, 1, 1), 3) == act_of(date(2026, 1, 1), 3)


@pytest.mark.parametrize("text", ["", "-1", "x", "1e9", "9" * 5000, "²", "٣", "\u202e1", "1\0"])
def test_a_made_up_turn_is_the_days_own_act(text):
    assert turn_of(text) == 0


def test_a_turn_goes_round():
    assert [turn_of(text) for text in ("3", "23", "999")] == [3, 3, 999 % len(ACTS)]


@pytest.mark.parametrize("rows", [1, 30])
def test_t2_six_queries_besides_session_and_user(
    rows, sam, noor, ana, client_of, make_session, book, django_assert_num_queries
):
    for number in range(rows):
        at = time(7 + number // 4, number % 4 * 15)
        session = make_session(f"Group {number}", at, lead=ana, minutes=15)
        book(session, noor)
        if number % 2 == 0:
            book(session, sam, Booking.State.WAITLISTED)
    for days_ago in range(min(rows, 14)):
        say(sam, days_ago, mood=3)
    client = client_of(sam)
    with django_assert_num_queries(8):
        client.get(URL)


@pytest.mark.parametrize("rows", [1, 30])
def test_what_came_of_ones_wish_is_one_query_more(
    rows, sam, ana, client_of, make_session, book, django_assert_num_queries
):
    for number in range(rows):
        at = time(7 + number // 4, number % 4 * 15)
        book(make_session(f"Group {number}", at, lead=ana, minutes=15), sam)
        CareTeamMember.objects.create(
            client=sam, clinician=person(f"c{number}", Role.CLINICIAN, f"Clinician {number}", "")
        )
    for days_ago in range(min(rows, 14)):
        say(sam, days_ago, need="talk")
    client = client_of(sam)
    with django_assert_num_queries(9):
        assert "Nobody has said yet that they will come." in page_of(client)


def test_k7_whoever_asked_for_someone_reads_above_the_day_what_came_of_it(sam, ana, client_of, frozen):
    client = client_of(sam)
    say(sam, mood=1)
    assert "Someone to talk to" not in page_of(client)
    say(sam, need="talk")
    asked = "At 10 a.m. we asked Ana Ruiz. Nobody has said yet that they will come."
    page = page_of(client)
    assert page.index(asked) < page.index("Your day")
    assert 'href="/check-in/someone/">See if somebody has answered' in page
    task = OutreachTask.objects.get()
    task.take(by=ana, now=NOW + timedelta(minutes=1))
    page = page_of(client)
    assert page.index("Ana Ruiz has seen it at 10:01 a.m. and will come to you.") < page.index("Your day")
    assert "See if somebody has answered" not in page
    task.close(by=ana, now=NOW + timedelta(minutes=2))
    assert "Ana Ruiz talked with you." in page_of(client)


def test_yesterdays_wish_is_todays_while_it_stands_and_that_of_another_person_never(
    sam, noor, ana, client_of
):
    say(sam, 1, need="talk")
    say(noor, need="talk")
    say(sam, mood=2)
    assert "Someone to talk to" in page_of(client_of(sam))
    OutreachTask.objects.get(client=sam).close(by=ana, now=NOW)
    assert "Someone to talk to" not in page_of(client_of(sam))


def test_after_midnight_the_check_in_still_belongs_to_the_day_before(sam, client_of, time_machine):
    say(sam, mood=5)
    time_machine.move_to(datetime(2026, 11, 25, 6, 30, tzinfo=UTC), tick=False)  # 01:30 in New York
    page = page_of(client_of(sam))
    assert "You said:<strong>Very good</strong>" in page
    assert "Wednesday, 25 November" in page


def test_k5_something_new_is_told_on_the_page_of_whoever_has_no_mail(sam, noor, client_of):
    client = client_of(sam)
    row = {"kind": "accounts.password_reset", "about": sam.pk, "due_on": TODAY, "not_before": NOW}
    Notification.objects.post_many(
        [row | {"recipient": noor, "shown_at": NOW}, row | {"recipient": sam, "about": noor.pk}]
    )
    words = "There is something new for you."
    assert words not in page_of(client)
    Notification.objects.post(recipient=sam, shown_at=NOW, **row)
    assert words in page_of(client)
    Notification.objects.visible_to(sam).get().read(now=NOW)
    assert words not in page_of(client)
