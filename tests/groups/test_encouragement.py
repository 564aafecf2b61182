"""A kind sentence to somebody in the same session, and how each of the two can stop it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from groups import tasks
from groups.models import Company, Distance, Encouragement
from groups.refusals import NotToThem, SentToday
from recovery_site import actions
from recovery_site.celery import app
from tests.groups.company import DAY, URL, book, choose, page_of, send
from tests.groups.conftest import NOW, TODAY, residents
from tests.home.test_export import export_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def session(make_session, seeking):
    type(seeking).objects.filter(pk=seeking.pk).update(capacity=8)
    return make_session()


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


def test_a8_nothing_sent_or_received_is_left(session, sam, noor):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    send(session, sam, noor)
    send(session, noor, sam)
    actions.erase(client=noor, by=noor, now=NOW)
    assert not Encouragement.objects.exists()
    assert [row.client for row in Company.objects.all()] == [sam]


@pytest.mark.parametrize(("late", "left"), [(timedelta(), 1), (timedelta(seconds=1), 0)])
def test_a8_a_sentence_is_deleted_after_thirty_days(session, sam, noor, client_of, frozen, late, left):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    send(session, sam, noor)
    frozen.move_to(NOW + 30 * DAY + late)
    for _twice in range(2):
        tasks.forget_encouragements()
    assert Encouragement.objects.count() == left
    assert "It is deleted after 30 days." in client_of(sam).get("/privacy/").content.decode()
    assert app.conf.beat_schedule["forget encouragements"]["task"] == "groups.forget_encouragements"


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


def test_who_sent_one_to_everybody_today_reads_that_and_not_that_nobody_is_there(
    session, sam, noor, client_of
):
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    send(session, sam, noor)
    address, all_sent = reverse("groups:encouragement", args=[session.pk]), "You have sent one to everybody"
    assert all_sent in client_of(sam).get(address).content.decode()
    Company.objects.refuse_encouragement(noor)
    assert "There is nobody here" in client_of(sam).get(address).content.decode()


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


@pytest.mark.parametrize(("days", "may"), [(-15, False), (-13, True), (0, True), (2, False), (13, False)])
def test_b5_a_session_shared_was_at_most_two_weeks_ago_or_begins_within_a_day(
    make_session, sam, noor, client_of, days, may
):
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
    assert f"Somebody in {session.group.name}, since 24 November 2026" in own
    assert "Noor" not in own
    assert "People you hide from" not in theirs
    ending = reverse("groups:distance_ending", args=[distance.pk])
    assert client_of(noor).post(ending).status_code == 404
    assert browser.post(ending).status_code == 303
    assert "<bdi>Noor</bdi>" in page_of(browser, session)


def test_b5_nobody_is_watched_on_the_list_of_those_one_hides_from(session, sam, noor, client_of):
    """Neither what she is called, nor if she lives here, shows her name, or hides herself."""
    book(session, sam, noor)
    choose(sam, noor, encouraged=True)
    sent = send(session, noor, sam)
    place, browser = session.bookings.get(client=noor).pk, client_of(sam)
    browser.post(reverse("groups:distance", args=[session.pk]), {"to": place})
    pages = [browser.get(URL).content.decode()]
    Distance.objects.keep(noor, other=sam, now=NOW)
    pages.append(browser.get(URL).content.decode())
    type(noor).objects.filter(pk=noor.pk).update(chosen_name="Nora")
    pages.append(browser.get(URL).content.decode())
    Company.objects.end(noor)
    pages.append(browser.get(URL).content.decode())
    answer = browser.post(reverse("groups:encouragement_distance", args=[sent.pk]), follow=True)
    pages += [answer.content.decode(), browser.get(URL).content.decode()]
    assert not any(name in page for page in pages for name in ("Noor", "Nora"))
    assert len({page.split('id="hidden"')[1].count("Somebody in") for page in [*pages[:4], pages[5]]}) == 1
    assert f"Somebody in {session.group.name}, since 24 November 2026" in pages[0]


def test_b5_what_was_kept_before_groups_were_is_said_without_one(sam, noor, client_of):
    Distance.objects.keep(sam, other=noor, now=NOW)
    page = client_of(sam).get(URL).content.decode()
    assert "Somebody, since 24 November 2026" in page
    assert "Noor" not in page


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
