"""Questions about one's own story: only where somebody's clinician turned them on (J6)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import CareTeamMember, User
from journal import prompts
from journal.models import Entry, Kind, Narrative
from notifications.models import Notification
from recovery_site.actions.departure import discharge, record_death

END, NEW = "/journal/narrative/ending/", "/journal/new/"
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def settled(sam) -> User:
    """The first week is over."""
    User.objects.filter(pk=sam.pk).update(joined_at=timezone.now() - timedelta(days=20))
    sam.refresh_from_db()
    return sam


def turn_on(client: User, by: User) -> Narrative:
    return Narrative.objects.begin(client=client, by=by, now=timezone.now())


def offered(browser) -> list[str]:
    page = browser.get(NEW).text
    return [way.text for way in prompts.of(Kind.NARRATIVE) if f'value="{way.name}"' in page]


def test_j6_a_clinician_turns_them_on_and_the_client_is_told_and_turns_them_off(settled, ana, client_of):
    path, clinician, client = f"/journal/narrative/{settled.pk}/", client_of(ana), client_of(settled)
    assert path in clinician.get(f"/people/{settled.pk}/").text
    assert "They are off." in clinician.get(path).text
    assert (offered(client), "own story" in client.get("/journal/").text) == ([], False)
    answer = clinician.post(path, {"begin": "1"})
    assert (answer.status_code, answer["Location"]) == (303, path)
    assert "Ana Ruiz turned them on." in " ".join(clinician.get(path).text.split())
    assert "You and Sam can see this." in clinician.get(path).text
    assert len(offered(client)) == 1
    notice = Notification.objects.visible_to(settled).get(kind="journal.narrative")
    assert "Your journal has new ways to begin a page." in client.get("/notices/").text
    assert client.post(f"/notices/{notice.pk}/").status_code != 500
    assert "Questions about your own story are on" in client.get("/journal/").text
    assert "Ana Ruiz turned them on." in " ".join(client.get(END).text.split())
    assert client.post(END)["Location"] == "/journal/"
    assert offered(client) == []
    assert "They are off." in client.get(END).text
    assert Narrative.objects.get().ended_by == settled


def test_j6_a_clinician_turns_them_off(settled, ana, client_of):
    turn_on(settled, ana)
    path, browser = f"/journal/narrative/{settled.pk}/", client_of(ana)
    browser.post(path, {"end": "1"})
    assert offered(client_of(settled)) == []
    assert browser.post(path, {"end": "1"}).status_code == 303
    assert Narrative.objects.get().ended_by == ana


def test_j6_on_twice_is_once_and_again_is_a_new_row(settled, ana):
    first = turn_on(settled, ana)
    assert turn_on(settled, ana) == first
    first.end(by=settled, now=timezone.now())
    first.end(by=ana, now=timezone.now())
    assert Narrative.objects.get().ended_by == settled
    assert turn_on(settled, ana) != first
    assert Narrative.objects.count() == 2
    with transaction.atomic(), pytest.raises(IntegrityError):
        Narrative.objects.create(client=settled, begun_by=ana, begun_at=timezone.now())


def test_j6_the_first_week_hears_none_of_it(settled, ana, client_of):
    turn_on(settled, ana)
    User.objects.filter(pk=settled.pk).update(joined_at=timezone.now() - timedelta(days=6))
    assert offered(client_of(settled)) == []
    assert "in the first week" in client_of(ana).get(f"/journal/narrative/{settled.pk}/").text


@pytest.mark.parametrize("on", [True, False])
def test_j6_one_about_the_past_begins_no_page_where_they_are_off(settled, ana, client_of, sheet, on):
    if on:
        turn_on(settled, ana)
    way = prompts.of(Kind.NARRATIVE)[2]
    browser = client_of(settled)
    answer = browser.post(NEW, sheet(begin=way.name))
    assert (f'<label for="id_text">{way.text}</label>' in answer.text) is on
    browser.post(NEW, sheet(prompt=way.name))  # it stood in the form already, and was answered
    assert Entry.objects.get().opened(by=settled).prompt == way.text


@pytest.mark.parametrize("who", ["dev", "eli", "mara", "noor", "sam"])
def test_j6_nobody_outside_the_care_team_turns_them_on(cast, client_of, who):
    sam, browser = cast["sam"], client_of(cast[who])
    for method in (browser.get, lambda path: browser.post(path, {"begin": "1"})):
        assert method(f"/journal/narrative/{sam.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        turn_on(sam, cast[who])
    assert not Narrative.objects.exists()


def test_j6_who_left_the_team_meanwhile_changes_nothing(settled, ana):
    row = turn_on(settled, ana)
    CareTeamMember.objects.update(ended_at=timezone.now())
    with pytest.raises(PermissionDenied):
        row.end(by=ana, now=timezone.now())
    row.end(by=settled, now=timezone.now())
    with pytest.raises(PermissionDenied):
        turn_on(settled, ana)


def test_j6_for_whoever_left_the_house_they_cannot_be_turned_on(luz, dev, client_of):
    CareTeamMember.objects.create(client=luz, clinician=dev)
    assert client_of(dev).get(f"/journal/narrative/{luz.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        turn_on(luz, dev)


@pytest.mark.parametrize("leave", [discharge, record_death])
def test_a6_they_end_with_the_stay(settled, ana, mara, leave):
    turn_on(settled, ana)
    leave(client=settled, on=timezone.localdate(), by=mara, now=timezone.now())
    row = Narrative.objects.get()
    assert (row.ended_by, row.ended_at) == (mara, timezone.now())


@pytest.mark.parametrize("number", [1, 30])
def test_the_writing_page_asks_no_more_where_they_are_on(
    settled, ana, client_of, write, django_assert_num_queries, number
):
    turn_on(settled, ana)
    for _page in range(number):
        write(settled)
    browser = client_of(settled)
    with django_assert_num_queries(4):
        assert "About your own story, only if you like." in browser.get(NEW).text
