"""A client joins several dates of a series at once, and gets an answer for each (B6, C3, C5)."""

import re
from datetime import date, time, timedelta

import pytest

from groups.models import Admission, AgreementAcceptance, Booking, Company, Room, Series
from tests.groups.conftest import NOW, residents
from tests.groups.test_moving_pages import words
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
State = Booking.State


@pytest.fixture
def tuesdays(make_series, dev) -> Series:
    """Four Tuesdays at six in the evening, the first of them today."""
    series = make_series(count=4)
    series.schedule(leads=[dev], by=dev, now=NOW)
    return series


@pytest.fixture
def four(tuesdays) -> list:
    return list(tuesdays.sessions.order_by("starts_at"))


def sent(session, way: str = "in") -> str:
    return f"{way}-{session.pk}"


def shown(html: str) -> dict[str, bool]:
    """What the form offers, and whether it is ticked."""
    boxes = re.findall(r'<input\s+type="checkbox"\s+name="dates"\s+value="([^"]+)"\s*(checked)?', html)
    return {value: bool(checked) for value, checked in boxes}


def states(person, sessions) -> list[str]:
    found = dict(Booking.objects.filter(client=person).values_list("session", "state"))
    return [found.get(session.pk, "") for session in sessions]


def fill(session, number: int = 3) -> None:
    for person in residents(number, f"full{session.local_date:%j}x"):
        session.join(by=person, now=NOW)


def test_c3_the_page_says_for_each_date_what_would_happen(client_of, sam, four, tuesdays, make_session):
    joined, full, elsewhere, gone = four
    joined.join(by=sam, now=NOW)
    fill(full)
    studio = Room.objects.create(name="Studio", capacity=5)
    group = make_other_group("Clay and color")
    make_session(day=elsewhere.local_date, at=time(17, 30), group=group, room=studio).join(by=sam, now=NOW)
    sam.stays.update(discharged_on=gone.local_date)
    html = client_of(sam).get(page("series_joining", tuesdays.pk)).content.decode()
    assert shown(html) == {sent(full, "line"): False}
    told = [
        "Tue, 24 Nov, 6:00 p.m. You're in",
        "Tue, 1 Dec, 6:00 p.m. All places are taken. You can wait for one.",
        "Tue, 8 Dec, 6:00 p.m. You are in Clay and color then.",
        "Tue, 15 Dec, 6:00 p.m. You will not be staying with us on that day.",
    ]
    assert [line for line in told if line in plain(html)] == told


def make_other_group(name):
    from groups.models import Group, Kind

    return Group.objects.create(name=name, purpose="Hands.", kind=Kind.ART, capacity=5)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#x27;", "'")


def test_b6_the_ticked_dates_are_joined_and_the_others_left(client_of, sam, four, tuesdays):
    browser, path = client_of(sam), page("series_joining", tuesdays.pk)
    assert shown(browser.get(path).content.decode()) == dict.fromkeys(map(sent, four), True)
    response = browser.post(path, {"dates": [sent(four[0]), sent(four[2])]})
    assert (response.status_code, response.headers["Location"]) == (303, path)
    assert states(sam, four) == [State.CONFIRMED, "", State.CONFIRMED, ""]
    html = browser.get(path).content.decode()
    assert "You are in on 2 dates." in html
    assert shown(html) == {sent(four[1]): True, sent(four[3]): True}
    assert browser.post(path, {"dates": [sent(four[0])]}).status_code == 303  # twice is once
    assert states(sam, four) == [State.CONFIRMED, "", State.CONFIRMED, ""]


def test_what_lies_more_than_four_weeks_ahead_is_shown_and_not_ticked(client_of, sam, dev, make_series):
    series = make_series(count=6)
    series.schedule(leads=[dev], by=dev, now=NOW)
    html = client_of(sam).get(page("series_joining", series.pk)).content.decode()
    assert list(shown(html).values()) == [True] * 4 + [False] * 2


def test_b2_who_asks_for_the_line_of_a_full_date_waits_there(client_of, sam, four, tuesdays):
    fill(four[1])
    path = page("series_joining", tuesdays.pk)
    response = client_of(sam).post(path, {"dates": [sent(four[0]), sent(four[1], "line")], "adds_me": "on"})
    assert response.status_code == 303
    assert states(sam, four) == [State.CONFIRMED, State.WAITLISTED, "", ""]
    assert Booking.objects.values_list("adds_me", flat=True).get(client=sam, state=State.WAITLISTED) is True
    html = client_of(sam).get(path).content.decode()
    assert "Waitlist, you are 1st" in html


def test_c5_a_place_that_is_gone_meanwhile_puts_nobody_in_line_unasked(client_of, sam, four, tuesdays):
    fill(four[1])
    path = page("series_joining", tuesdays.pk)
    response = client_of(sam).post(path, {"dates": [sent(four[0]), sent(four[1])]})
    html = response.content.decode()
    assert response.status_code == 422
    assert states(sam, four) == [State.CONFIRMED, "", "", ""]  # the other date is theirs all the same
    assert "Not every date worked. Beside each you can read why." in html
    assert "Tue, 1 Dec, 6:00 p.m. All places are taken now. You can wait for one if you like." in plain(html)
    assert shown(html) == {sent(four[1], "line"): False, sent(four[2]): False, sent(four[3]): False}


def test_b6_one_promise_holds_for_all_dates(client_of, sam, four, tuesdays, seeking):
    seeking.agreement = "Be kind."
    seeking.save()
    browser, path = client_of(sam), page("series_joining", tuesdays.pk)
    wish = {"dates": [sent(four[0]), sent(four[3])]}
    response = browser.post(path, wish)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Please read the agreement and tick the box under it first." in html
    assert shown(html) == {sent(one): one in (four[0], four[3]) for one in four}  # the ticks stay
    assert states(sam, four) == [""] * 4
    assert browser.post(path, wish | {"agreed": "1"}).status_code == 303
    assert states(sam, four) == [State.CONFIRMED, "", "", State.CONFIRMED]
    assert AgreementAcceptance.objects.filter(client=sam).count() == 1
    assert "Be kind." not in browser.get(path).content.decode()


@pytest.mark.parametrize("wish", [{}, {"dates": "nonsense"}, {"dates": ["in-\x00", "line-1"]}])
def test_what_ticks_no_date_is_said_in_words(client_of, sam, four, tuesdays, wish):
    response = client_of(sam).post(page("series_joining", tuesdays.pk), wish)
    assert response.status_code == 422
    said = "The list has changed since you looked." if wish else "Tick at least one date."
    assert said in response.content.decode()
    assert states(sam, four) == [""] * 4


def test_t9_what_rests_or_was_cancelled_says_so_and_takes_no_tick(client_of, sam, dev, four, tuesdays):
    tuesdays.suspend(first=four[1].local_date, last=four[1].local_date, by=dev, now=NOW)
    four[2].cancel(by=dev, now=NOW)
    html = client_of(sam).get(page("series_joining", tuesdays.pk)).content.decode()
    assert shown(html) == {sent(four[0]): True, sent(four[3]): True}
    assert "1 Dec, 6:00 p.m. Rests" in plain(html)
    assert "8 Dec, 6:00 p.m. Cancelled" in plain(html)
    response = client_of(sam).post(page("series_joining", tuesdays.pk), {"dates": [sent(four[1])]})
    assert response.status_code == 422
    assert states(sam, four) == [""] * 4


def test_b6_a_group_that_comes_after_another_says_so_here_too(client_of, sam, four, tuesdays, other_group):
    seeking = tuesdays.group
    seeking.prerequisite = other_group("First steps")["group"]
    seeking.save()
    browser, path = client_of(sam), page("series_joining", tuesdays.pk)
    assert "This group comes after First steps." in browser.get(path).content.decode()
    assert browser.post(path, {"dates": [sent(four[0])]}).status_code == 422
    assert states(sam, four) == [""] * 4


@pytest.mark.parametrize("admission", [Admission.CLOSED, Admission.MANDATORY])
def test_b6_only_an_open_group_is_joined_so(client_of, sam, tuesdays, admission):
    tuesdays.group.admission = admission
    tuesdays.group.save()
    browser, path = client_of(sam), page("series_joining", tuesdays.pk)
    assert [browser.get(path).status_code, browser.post(path).status_code] == [404, 404]


def test_the_group_and_the_session_lead_to_all_dates(client_of, sam, dev, four, tuesdays):
    link = f'href="{page("series_joining", tuesdays.pk)}"'
    for path in (tuesdays.group.get_absolute_url(), four[0].get_absolute_url()):
        assert link in client_of(sam).get(path).content.decode()
        assert link not in client_of(dev).get(path).content.decode()


def test_the_page_asks_as_much_for_one_date_as_for_thirty(
    client_of, sam, dev, make_series, make_session, django_assert_num_queries
):
    browser = client_of(sam)
    for number in (1, 30):
        series = make_series(start_date=date(2027, 1, 5), start_time=time(number % 20 + 1), count=number)
        series.schedule(leads=[dev], by=dev, now=NOW)
        for session in series.sessions.all():
            session.join(by=residents(1, f"q{session.pk}")[0], now=NOW)
            beside = make_session(
                day=session.local_date, at=time(19 if number == 1 else 22), room=elsewhere()
            )
            beside.join(by=sam, now=NOW)
        path = page("series_joining", series.pk)
        browser.get(path)
        with django_assert_num_queries(8):
            assert len(shown(browser.get(path).content.decode())) == number


def elsewhere() -> Room:
    return Room.objects.get_or_create(name="Studio", defaults={"capacity": 40})[0]


def test_words_of_the_session_page_name_no_other_client(client_of, sam, noor, four, tuesdays):
    four[0].join(by=noor, now=NOW + timedelta(minutes=1))
    assert "Noor" not in words(client_of(sam).get(page("series_joining", tuesdays.pk)))


def test_who_shows_their_name_reads_that_others_see_it(client_of, sam, four, tuesdays):
    path = page("series_joining", tuesdays.pk)
    assert "Other people who live here cannot." in plain(client_of(sam).get(path).content.decode())
    Company.objects.choose(sam, shows_name=True, encouraged=False, now=NOW)
    text = plain(client_of(sam).get(path).content.decode())
    theirs = "Others who have a place in the same session and show their name read yours there"
    assert f"{theirs}, from the day before, except those you hide from." in text
    assert "Other people who live here cannot." not in text
