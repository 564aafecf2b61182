"""Seen by others: a name is read by those who show theirs, in the sessions where both have a place."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Stay, User
from groups.models import Attendance, Booking, Company, Distance, Encouragement
from groups.refusals import NamedFirst, NotToThem, SentToday
from recovery_site import actions
from tests.groups.conftest import NOW, TODAY, residents

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
URL = "/me/company/"
DAY = timedelta(days=1)


def choose(*people: User, encouraged: bool = False, now=NOW - DAY) -> None:
    """Written past the verb, which knows who lives here now."""
    for person in people:
        since = {"shows_name_since": now, "encouraged_since": now if encouraged else None}
        Company.objects.update_or_create(client=person, defaults=since)


def book(session, *people: User, state=Booking.State.CONFIRMED) -> None:
    closed = None if state in ("confirmed", "waitlisted", "offered") else NOW
    held = NOW + DAY if state == "offered" else None
    for person in people:
        Booking.objects.create(
            session=session, client=person, state=state, joined_at=NOW, closed_at=closed, held_until=held
        )


def send(session, by: User, to: User, now=NOW) -> Encouragement:
    return Encouragement.objects.send("glad", to=to, session=session, by=by, now=now)


def page_of(browser, session) -> str:
    return browser.get(session.get_absolute_url()).content.decode()


@pytest.fixture
def session(make_session, seeking):
    type(seeking).objects.filter(pk=seeking.pk).update(capacity=8)
    return make_session()


def test_nothing_is_shown_before_somebody_chooses(session, sam, noor, client_of):
    book(session, sam, noor)
    choose(sam)
    page = page_of(client_of(sam), session)
    assert "Noor" not in page
    assert "You show your name. No other names are shown here now." in page
    assert "One other person." in page


def test_whoever_does_not_show_their_name_reads_none(session, sam, noor, client_of):
    """Nobody looks without being seen."""
    book(session, sam, noor)
    choose(noor)
    page = page_of(client_of(sam), session)
    assert "Noor" not in page
    assert "You read no names here, and nobody reads yours." in page
    other_way = client_of(sam).get(reverse("groups:distance", args=[session.pk])).content.decode()
    assert "You read no names in this session now." in other_way
    assert "Noor" not in other_way


def test_both_having_chosen_each_reads_the_other_and_how_many_are_unnamed(session, sam, noor, client_of):
    book(session, sam, noor, *residents(4))
    choose(sam, noor)
    page = page_of(client_of(sam), session)
    assert "<bdi>Noor</bdi>" in page
    assert "and 4" in page
    assert "she, her" not in page
    assert "Client 1" not in page
    assert "<bdi>Sam</bdi>" in page_of(client_of(noor), session)


@pytest.mark.parametrize("state", ["waitlisted", "offered", "cancelled", "removed", None])
def test_b5_only_a_confirmed_place_reads_names(session, sam, noor, client_of, state):
    book(session, noor)
    choose(sam, noor)
    if state:
        book(session, sam, state=state)
    page = page_of(client_of(sam), session)
    assert "Noor" not in page
    assert "With you in this session" not in page
    assert client_of(sam).get(reverse("groups:encouragement", args=[session.pk])).status_code == 404


@pytest.mark.parametrize("state", ["waitlisted", "offered", "cancelled", "removed"])
def test_b5_only_a_confirmed_place_is_read(session, sam, noor, client_of, state):
    book(session, sam)
    book(session, noor, state=state)
    choose(sam, noor)
    assert "Noor" not in page_of(client_of(sam), session)


def test_b7_who_walked_in_is_not_named(session, sam, noor, ana, client_of):
    book(session, sam)
    choose(sam, noor)
    Attendance.objects.create(
        session=session, client=noor, state="present", walked_in=True, recorded_by=ana, recorded_at=NOW
    )
    assert "Noor" not in page_of(client_of(sam), session)


def test_staff_read_names_by_their_own_rules_alone(session, sam, noor, mara, client_of):
    book(session, sam, noor)
    choose(sam, noor)
    page = page_of(client_of(mara), session)
    assert "Noor" not in page
    assert "With you in this session" not in page


def test_the_list_comes_and_goes_with_the_place_on_the_fragment_too(session, sam, noor, client_of):
    book(session, noor)
    choose(sam, noor)
    browser, htmx = client_of(sam), {"HX-Request": "true"}
    joined = browser.post(reverse("groups:booking", args=[session.pk]), headers=htmx).content.decode()
    assert "<bdi>Noor</bdi>" in joined
    left = browser.post(reverse("groups:cancellation", args=[session.pk]), headers=htmx).content.decode()
    assert "Noor" not in left


def test_a_past_session_names_nobody_who_chose_it_later(make_session, sam, noor, client_of):
    past = make_session(day=TODAY - 3 * DAY)
    book(past, sam, noor)
    choose(sam, now=NOW - 10 * DAY)
    choose(noor, now=NOW)
    assert "Noor" not in page_of(client_of(sam), past)
    Company.objects.filter(client=noor).update(shows_name_since=NOW - 10 * DAY)
    assert "<bdi>Noor</bdi>" in page_of(client_of(sam), past)


def test_two_weeks_after_a_session_its_list_is_gone(make_session, sam, noor, client_of):
    for days, is_there in ((13, True), (15, False)):
        past = make_session(day=TODAY - days * DAY)
        book(past, sam, noor)
        choose(sam, noor, now=NOW - 30 * DAY)
        page = page_of(client_of(sam), past)
        assert ("Noor" in page) is is_there
        assert ("With you in this session" in page) is is_there
        assert bool(Company.objects.beside(sam, past, NOW)) is is_there


def test_turned_off_it_is_gone_at_once_in_both_directions(session, sam, noor, client_of):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    send(session, sam, noor)
    send(session, noor, sam)
    assert client_of(noor).post(URL, {}).status_code == 303
    assert "Noor" not in page_of(client_of(sam), session)
    assert "Sam" not in page_of(client_of(noor), session).split("<main")[1]
    for reader in (sam, noor):
        assert "I was glad" not in client_of(reader).get("/today/").content.decode()


def test_turned_on_again_nothing_from_before_comes_back(session, sam, noor):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    send(session, sam, noor)
    assert Encouragement.objects.shown_to(noor, NOW).exists()
    later = NOW + timedelta(minutes=5)
    Company.objects.choose(noor, shows_name=False, encouraged=False, now=later)
    choose(noor, encouraged=True, now=later)
    assert not Encouragement.objects.shown_to(noor, later).exists()


def test_the_page_says_who_reads_it_and_keeps_the_choice(sam, client_of):
    browser = client_of(sam)
    page = browser.get(URL).content.decode()
    assert "Only you can see this. Nobody else who lives here reads your name." in page
    assert "checked" not in page.split("<main")[1]
    assert browser.post(URL, {"shows_name": "on"}).status_code == 303
    page = browser.get(URL).content.decode()
    assert "Your name is read by those who have a place in a session with you and show theirs." in page
    assert page.count("checked") == 1
    since = Company.objects.get().shows_name_since
    Company.objects.choose(sam, shows_name=True, encouraged=True, now=NOW + DAY)
    assert Company.objects.get().shows_name_since == since


def test_who_cannot_be_seen_cannot_be_written_to(sam, client_of):
    answer = client_of(sam).post(URL, {"encouraged": "on"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "People need to see your name before they can send you something." in page
    assert "checked" in page
    with pytest.raises(NamedFirst):
        Company.objects.choose(sam, shows_name=False, encouraged=True, now=NOW)
    with pytest.raises(IntegrityError, match="encouraged_by_name"), transaction.atomic():
        Company.objects.create(client=sam, encouraged_since=NOW)


def test_the_line_about_a_place_says_that_others_read_the_name(session, sam, noor, client_of):
    browser = client_of(sam)
    nobody, others = "Other people who live here cannot.", "Others with a place here read your name too"
    assert nobody in page_of(browser, session)
    choose(sam)
    assert f"If you join, only you can see it. {others}" in page_of(browser, session)
    book(session, sam)
    assert others in page_of(browser, session)
    assert "show their name read yours there" in browser.get("/schedule/week/").content.decode()
    Booking.objects.update(state="waitlisted")
    assert nobody in page_of(browser, session)


def test_a6_whoever_leaves_the_house_is_named_nowhere_and_comes_back_unseen(
    make_session, sam, noor, mara, client_of
):
    past = make_session(day=TODAY - DAY)
    book(past, sam, noor)
    choose(sam, noor, encouraged=True, now=NOW - 5 * DAY)
    send(past, noor, sam)
    actions.discharge(client=noor, on=TODAY, by=mara, now=NOW)
    assert "Noor" not in page_of(client_of(sam), past)
    assert "Noor" not in client_of(sam).get("/today/").content.decode()
    noor.refresh_from_db()
    Company.objects.choose(noor, shows_name=True, encouraged=True, now=NOW)
    assert not Company.objects.filter(client=noor).exists()
    actions.readmit(client=noor, on=TODAY, bed="", by=mara, now=NOW)
    assert not Company.objects.filter(client=noor).exists()


def test_a_stay_that_is_over_hides_the_name_whatever_the_row_says(session, sam, noor, client_of):
    book(session, sam, noor)
    choose(sam, noor)
    Stay.objects.filter(client=noor).update(discharged_on=TODAY)
    assert "Noor" not in page_of(client_of(sam), session)


def test_a8_nothing_sent_or_received_is_left(session, sam, noor):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    send(session, sam, noor)
    send(session, noor, sam)
    actions.erase(client=noor, by=noor, now=NOW)
    assert not Encouragement.objects.exists()
    assert [row.client for row in Company.objects.all()] == [sam]


def test_thirty_names_ask_no_more_than_one(session, sam, client_of):
    browser = client_of(sam)
    asked = []
    for others in (residents(1), residents(29, "d")):
        book(session, *others)
        choose(sam, *others, encouraged=True)
        book(session, *({sam} - {row.client for row in session.bookings.all()}))
        for path in (session.get_absolute_url(), reverse("groups:encouragement", args=[session.pk])):
            with CaptureQueriesContext(connection) as queries:
                page = browser.get(path).content.decode()
            assert page.count("Client ") == session.bookings.count() - 1
            asked.append(len(queries))
    assert asked[:2] == asked[2:]
    assert asked[1] <= 6


def test_one_a_day_from_one_to_another_and_both_ways(session, sam, noor):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    send(session, sam, noor)
    send(session, noor, sam)
    with pytest.raises(SentToday):
        send(session, sam, noor, NOW + timedelta(hours=13))  # still the 24th in New York
    send(session, sam, noor, NOW + timedelta(hours=14))
    row = Encouragement.objects.first()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_nobody_is_reached_who_did_not_choose_it(session, sam, noor):
    book(session, sam, noor)
    choose(sam, encouraged=True)
    for change in ({}, {"shows_name": True, "encouraged": False}):
        if change:
            Company.objects.choose(noor, now=NOW - DAY, **change)
        with pytest.raises(NotToThem):
            send(session, sam, noor)
    choose(noor, encouraged=True)
    Company.objects.refuse_encouragement(sam)
    with pytest.raises(NotToThem):
        send(session, sam, noor)
    assert not Encouragement.objects.exists()


@pytest.mark.parametrize(("days", "may"), [(-15, False), (-13, True), (13, True), (15, False)])
def test_a_session_shared_is_at_most_two_weeks_away(make_session, sam, noor, client_of, days, may):
    far = make_session(day=TODAY + days * DAY)
    book(far, sam, noor)
    choose(sam, noor, encouraged=True, now=NOW - 30 * DAY)
    assert bool(Encouragement.objects.to_choose(sam, far, NOW)) is may
    assert ("Send a kind sentence" in page_of(client_of(sam), far)) is may


def test_a_sentence_is_sent_and_stands_on_today_for_two_days(session, sam, noor, client_of, frozen):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    place = session.bookings.get(client=noor).pk
    url, browser = reverse("groups:encouragement", args=[session.pk]), client_of(sam)
    page = browser.get(url).content.decode()
    assert f'value="{place}"' in page
    assert str(noor.pk) not in page
    assert "<textarea" not in page
    assert browser.post(url, {"to": place, "sentence": "courage"}).status_code == 303
    assert "Noor" not in browser.get(url).content.decode()
    today = client_of(noor).get("/today/").content.decode()
    assert "That took courage." in today
    assert "<bdi>Sam</bdi>, in" in today
    assert session.group.name in today
    assert "That took courage." not in browser.get("/today/").content.decode()
    again = browser.post(url, {"to": place, "sentence": "glad"})
    assert again.status_code == 422
    assert "Tomorrow you can again." in again.content.decode()
    frozen.move_to(NOW + 2 * DAY)
    assert "That took courage." not in client_of(noor).get("/today/").content.decode()


@pytest.mark.parametrize("typed", [{}, {"to": "00000000-0000-4000-8000-000000000000"}, {"sentence": "mine"}])
def test_what_nobody_offered_is_refused_in_words(session, sam, noor, client_of, typed):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    answer = client_of(sam).post(reverse("groups:encouragement", args=[session.pk]), typed)
    assert answer.status_code == 422
    assert "Something needs another look" in answer.content.decode()
    assert not Encouragement.objects.exists()


def test_whoever_turned_it_off_is_refused_like_anybody_who_is_not_there(session, sam, noor, client_of):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    place = session.bookings.get(client=noor).pk
    Company.objects.refuse_encouragement(noor)
    browser, url = client_of(sam), reverse("groups:encouragement", args=[session.pk])
    sent = [
        browser.post(url, {"to": to, "sentence": "glad"}).content.decode().split("<main")[1]
        for to in (place, session.bookings.get(client=sam).pk)
    ]
    assert "You cannot send them something just now." in sent[0]
    assert "Noor" not in sent[0]
    assert sent[0].count("error") == sent[1].count("error")


def test_on_today_it_can_be_turned_off_and_a_hidden_name_stays_hidden(session, sam, noor, client_of):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    send(session, sam, noor)
    browser, url = client_of(noor), reverse("groups:encouragement_ending")
    assert f'action="{url}"' in browser.get("/today/").content.decode()
    assert browser.post(url).status_code == 303
    assert "I was glad" not in browser.get("/today/").content.decode()
    own = Company.objects.get(client=noor)
    assert (own.shows_name_since is not None, own.encouraged_since) == (True, None)
    Company.objects.end(noor)
    browser.post(url)
    assert not Company.objects.filter(client=noor).exists()


def test_a7_the_file_tells_what_was_sent_without_the_name_of_the_other(session, sam, noor):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    send(session, noor, sam)
    from tests.home.test_export import export_of

    files = export_of(sam)
    assert "I was glad that you were there." in files["groups-and-attendance.html"]
    assert not any("Noor" in text for text in files.values())


def test_whoever_hides_from_one_person_is_gone_for_them_alone_and_both_ways(session, sam, noor, client_of):
    third = residents(1)[0]
    book(session, sam, noor, third)
    choose(sam, noor, third, encouraged=True)
    send(session, noor, sam)
    browser, url = client_of(sam), reverse("groups:distance", args=[session.pk])
    place = session.bookings.get(client=noor).pk
    assert "They are not told" not in client_of(noor).get("/notices/").content.decode()
    assert browser.post(url, {"to": place}).status_code == 303
    for reader, other in ((sam, "Noor"), (noor, "<bdi>Sam")):
        page = page_of(client_of(reader), session)
        assert other not in page
        assert "<bdi>Client 0</bdi>" in page
        assert "and one other" in page
    assert "<bdi>Sam</bdi>" in page_of(client_of(third), session)
    assert "I was glad" not in browser.get("/today/").content.decode()
    for by, to in ((sam, noor), (noor, sam)):
        with pytest.raises((NotToThem, SentToday)):
            send(session, by, to)
    assert browser.post(url, {"to": place}).status_code == 422  # not a name they read any more


def test_hiding_starts_at_a_sentence_too_and_ends_again(session, sam, noor, client_of):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    row = send(session, noor, sam)
    url = reverse("groups:encouragement_distance", args=[row.pk])
    assert client_of(noor).post(url).status_code == 404  # the sender cannot
    browser = client_of(sam)
    assert f'action="{url}"' in browser.get("/today/").content.decode()
    assert [browser.post(url).status_code for _twice in range(2)] == [303, 303]
    distance = Distance.objects.get()
    assert "Noor" not in page_of(browser, session)
    own, theirs = (client_of(who).get(URL).content.decode() for who in (sam, noor))
    assert "<bdi>Noor</bdi>" in own
    assert "People you hide from" not in theirs
    ending = reverse("groups:distance_ending", args=[distance.pk])
    assert client_of(noor).post(ending).status_code == 404
    assert browser.post(ending).status_code == 303
    assert "<bdi>Noor</bdi>" in page_of(browser, session)


def test_whoever_no_longer_shows_their_name_is_not_named_to_those_who_hide(sam, noor, client_of):
    choose(noor)
    Distance.objects.keep(sam, other=noor, now=NOW)
    assert "Noor" in client_of(sam).get(URL).content.decode()
    Company.objects.end(noor)
    page = client_of(sam).get(URL).content.decode()
    assert "Noor" not in page
    assert "since 24 November 2026" in page


def test_a_distance_is_one_row_and_from_another(sam, noor):
    Distance.objects.keep(sam, other=noor, now=NOW)
    Distance.objects.keep(sam, other=noor, now=NOW)
    for client, other in ((sam, noor), (sam, sam)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Distance.objects.create(client=client, other=other, since=NOW)
    assert Distance.objects.count() == 1


def test_a6_hiding_outlasts_a_stay(sam, noor, mara):
    Distance.objects.keep(sam, other=noor, now=NOW)
    actions.discharge(client=noor, on=TODAY, by=mara, now=NOW)
    assert Distance.objects.count() == 1
