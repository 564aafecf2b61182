"""The session note: sealed with the group's key, for those who lead the session alone (B6, B9)."""

import logging
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts import vault
from accounts.checks import vault_keys_open_what_is_stored
from accounts.models import DataKey
from groups.models import Facilitator, GroupKey, SessionNote
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_moving_pages import words
from tests.groups.test_pages import page
from tests.journal.test_privacy import every_byte_of_the_database

pytestmark = pytest.mark.usefixtures("frozen")
TOMORROW = TODAY + timedelta(days=1)
TEXT = "sentinelnotezq went slowly, begin with breathing next time"


@pytest.fixture
def led(make_session, dev):
    return make_session(day=TOMORROW, lead=dev)


def keep(browser, session, text=TEXT, seen=0):
    return browser.post(page("session_note", session.pk), {"text": text, "seen": seen})


def test_b6_those_who_lead_it_write_and_read_the_note(client_of, led, ana, dev):
    Facilitator.objects.create(session=led, person=ana, role="co")
    response = keep(client_of(dev), led)
    assert (response.status_code, response["Location"]) == (303, led.get_absolute_url())
    text = words(client_of(ana).get(page("session_note", led.pk)))
    assert TEXT in text
    assert "Dev Patel" in text
    assert "You and Dev Patel can see this. It is sealed, and in nobody" in text


def test_b6_it_is_nowhere_to_anybody_else(client_of, led, sam, ana, mara, dev):
    led.join(by=sam, now=NOW)
    keep(client_of(dev), led)
    for user in (sam, ana, mara):  # Ana cares for Sam, who is in the session: the note is not about Sam
        assert client_of(user).get(page("session_note", led.pk)).status_code == 404
        assert keep(client_of(user), led, "Mine", 1).status_code == 404
        assert "Session note" not in words(client_of(user).get(led.get_absolute_url()))
        assert not SessionNote.objects.visible_to(user).exists()
    assert SessionNote.objects.get().opened(by=dev) == TEXT


def test_b6_the_page_of_the_session_tells_of_it_without_its_words(client_of, led, dev):
    assert "Write a note" in words(client_of(dev).get(led.get_absolute_url()))
    keep(client_of(dev), led)
    text = words(client_of(dev).get(led.get_absolute_url()))
    assert "Read or change the note" in text
    assert "sentinel" not in text


@pytest.mark.parametrize(
    ("before_start", "status"),
    [
        (timedelta(hours=24, seconds=1), 404),
        (timedelta(hours=24), 200),
        (-timedelta(days=7, minutes=74), 200),
        (-timedelta(days=7, minutes=75), 404),
    ],
)
def test_b9_who_stands_in_reads_it_around_the_session(client_of, led, ana, dev, frozen, before_start, status):
    led.write_note(TEXT, seen=0, by=dev, now=NOW)
    Facilitator.objects.create(session=led, person=ana, role="sub", stands_in_for=dev)
    frozen.move_to(led.starts_at - before_start)
    assert client_of(ana).get(page("session_note", led.pk)).status_code == status


def test_b9_the_one_stood_in_for_reads_the_note_and_goes_on_with_it(client_of, led, ana, dev, mara, frozen):
    """A substitute writes for whoever comes back, and their own time with the list ends."""
    Facilitator.objects.update(person=ana, role="sub", stands_in_for=dev)
    frozen.move_to(led.starts_at)
    assert keep(client_of(ana), led).status_code == 303
    frozen.move_to(led.ends_at + timedelta(days=8))
    assert client_of(ana).get(page("session_note", led.pk)).status_code == 404
    browser = client_of(dev)
    text = words(browser.get(led.get_absolute_url()))
    assert "Read or change the note" in text
    assert "sentinel" not in text
    text = words(browser.get(page("session_note", led.pk)))
    assert TEXT in text
    assert "Only you can see this." in text
    assert keep(browser, led, "Read, thank you", 1).status_code == 303
    assert SessionNote.objects.get().opened(by=dev) == "Read, thank you"
    assert client_of(mara).get(page("session_note", led.pk)).status_code == 404


def test_b6_a_lost_key_is_never_replaced_under_notes_that_need_it(client_of, led, make_session, dev):
    later, browser = make_session(day=TOMORROW + timedelta(days=1), lead=dev), client_of(dev)
    keep(browser, led)
    GroupKey.objects.all().delete()
    assert "This page cannot be opened right now." in words(browser.get(page("session_note", led.pk)))
    response = keep(browser, later, "Of the second session")
    assert response.status_code == 422
    assert "cannot be opened right now" in words(response)
    assert "Of the second session" in words(response)
    assert not GroupKey.objects.exists()
    assert SessionNote.objects.count() == 1


def test_b6_no_byte_of_it_stands_in_database_or_log(client_of, led, dev, caplog):
    caplog.set_level(logging.DEBUG)
    keep(client_of(dev), led)
    assert not [value for value in every_byte_of_the_database() if b"sentinelnote" in value]
    assert "sentinelnote" not in caplog.text
    assert GroupKey.objects.get().group == led.group
    assert not DataKey.objects.exists()


def test_b6_of_two_who_write_at_once_neither_loses_a_word(client_of, led, ana, dev):
    Facilitator.objects.create(session=led, person=ana, role="co")
    keep(client_of(dev), led, "Theirs")
    response = keep(client_of(ana), led, "Mine", 0)
    text = words(response)
    assert response.status_code == 422
    assert "Dev Patel kept this" in text
    assert ">Theirs</p>" in text
    assert "Mine</textarea>" in text
    note = SessionNote.objects.get()
    assert (note.opened(by=dev), note.revision) == ("Theirs", 1)
    assert keep(client_of(ana), led, "Mine, and theirs", 1).status_code == 303
    note.refresh_from_db()
    assert (note.opened(by=dev), note.written_by, note.revision) == ("Mine, and theirs", ana, 2)


def test_b6_the_same_text_twice_is_once(client_of, led, dev):
    for _time in range(2):
        assert keep(client_of(dev), led, TEXT, 0).status_code == 303
    assert SessionNote.objects.get().revision == 1


def test_b6_what_cannot_be_opened_says_so_and_keeps_what_was_typed_in_sight(client_of, led, dev, caplog):
    keep(client_of(dev), led)
    GroupKey.objects.update(wrapped=b"\0" * 60)
    text = words(client_of(dev).get(page("session_note", led.pk)))
    assert "This page cannot be opened right now." in text
    assert "<textarea" not in text
    response = keep(client_of(dev), led, "What I typed", 1)
    assert response.status_code == 422
    assert "What I typed" in words(response)
    assert f"session note {SessionNote.objects.get().pk} does not open" in caplog.text
    assert "sentinel" not in caplog.text
    assert "What I typed" not in caplog.text


@pytest.mark.parametrize("harm", ["another session", "its row moved", "an older revision", "another group"])
def test_b6_a_note_opens_in_its_own_place_only(make_session, other_group, dev, harm):
    first = make_session(day=TOMORROW, lead=dev)
    second = make_session(day=TOMORROW + timedelta(days=1), lead=dev, **other_group("Poems"))
    for session in (first, second):
        session.write_note("sentinelfirst", seen=0, by=dev, now=NOW)
    mine, other = first.note, second.note
    if harm == "another session":
        mine.sealed = other.sealed
    elif harm == "its row moved":
        third = make_session(day=TOMORROW + timedelta(days=2), lead=dev)
        SessionNote.objects.filter(pk=mine.pk).update(session=third)
        mine.refresh_from_db()
    elif harm == "an older revision":
        mine.revision = 2
    else:
        GroupKey.objects.filter(pk=first.group_id).update(
            wrapped=GroupKey.objects.get(pk=second.group_id).wrapped
        )
    with pytest.raises(vault.Unreadable):
        mine.opened(by=dev)


def test_b6_nobody_writes_who_leads_it_no_more(led, ana, dev):
    with pytest.raises(PermissionDenied):
        led.write_note(TEXT, seen=0, by=ana, now=NOW)
    assert not SessionNote.objects.exists()


def test_b6_a_note_that_is_too_long_stays_in_the_form(client_of, led, dev):
    response = keep(client_of(dev), led, "x" * (SessionNote.LENGTH + 1))
    assert response.status_code == 422
    assert "x" * 100 in words(response)
    assert not SessionNote.objects.exists()


def test_a8_what_is_kept_of_groups_needs_its_keys_to_run(led, dev, settings):
    led.write_note(TEXT, seen=0, by=dev, now=NOW)
    assert GroupKey in vault.key_tables()
    assert vault_keys_open_what_is_stored(databases=["default"]) == []
    GroupKey.objects.update(key_name="gone")
    (error,) = vault_keys_open_what_is_stored(databases=["default"])
    assert "gone" in error.msg
