"""A8: a client deletes everything; the key to their words goes first."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session as SignedIn
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import vault
from accounts.models import AccessRecord, AuditEvent, DataKey, EmergencyAccess, User
from accounts.vault import Unreadable
from checkins.answers import Answers
from checkins.models import CheckIn
from groups.models import Attendance, Booking, Session
from journal.models import Entry, Page
from notifications.models import Notification
from recovery_site import actions
from recovery_site.actions import erasure
from tests.home import whole_life
from tests.home.whole_life import WORDS
from tests.journal.test_privacy import every_byte_of_the_database

# Rows that still lead to the person's nameless row, and why.
STAYING = {
    "groups.Attendance.client": "who was in a session, without a name (A8)",
    "groups.AttendanceChange.client": "the same, and how it came to be written so",
    "groups.Booking.client": "the same, of past sessions alone",
}
NOBODY_KEEPS = {"id", "role", "is_active", "closed_at", "erased_at"}
NAMES = {"username": "sentinelsignin", "chosen_name": "Sentinelname", "email": "sentinel@people.example"}


@pytest.fixture
def lived(sam, noor, ana, mara, frozen):
    User.objects.filter(pk=sam.pk).update(**NAMES, time_zone="Europe/Lisbon")
    sam.refresh_from_db()
    whole_life.live(sam, ana, mara, timezone.now())
    sam.refresh_from_db()
    return sam


def erase(person) -> None:
    actions.erase(client=person, by=person, now=timezone.now())


def sealed_of(person) -> list[tuple[bytes, tuple]]:
    """Each value that the person's key sealed, with what has to be known to open it: a dump holds both."""
    entry, check_in = Entry.objects.get(owner=person), CheckIn.objects.get(client=person)
    emergency = EmergencyAccess.objects.get(client=person)
    first = Booking.objects.get(client=person, priority=1)
    entries = [
        (bytes(getattr(entry, f"{field}_sealed")), ("journal.entry", entry.pk, field, entry.revision))
        for field in ("title", "text", "prompt")
    ]
    return [
        *entries,
        (bytes(check_in.answers_sealed), ("checkins.check_in", check_in.pk, "answers", check_in.revision)),
        (bytes(emergency.reason_sealed), ("accounts.emergency", emergency.pk, "reason")),
        (bytes(first.priority_sealed), ("groups.booking", first.pk, "priority")),
    ]


def test_a8_no_row_leads_to_the_person_but_those_that_may_stay(lived):
    ways = whole_life.ways_to_a_client()
    empty = [name for name, way in ways.items() if not way.model.objects.filter(**{way.name: lived}).exists()]
    assert empty == [], "whole_life.live should make such a row"
    erase(lived)
    left = {name for name, way in ways.items() if way.model.objects.filter(**{way.name: lived}).exists()}
    assert left == STAYING.keys()


def test_a8_each_number_without_a_foreign_key_is_known_for_what_it_is():
    """A new one may lead to a person: then it has to go with them, or into a book that is only added to."""
    assert whole_life.bare_numbers().keys() == whole_life.BARE_NUMBERS.keys() | whole_life.BOOKS


def test_a8_the_row_that_attendance_hangs_on_names_nobody(lived):
    before = User.objects.filter(pk=lived.pk).values()[0]
    erase(lived)
    after = User.objects.filter(pk=lived.pk).values()[0]
    told = {name for name, value in after.items() if value == before[name] and value not in ("", None)}
    assert told == {"id", "role"}
    assert after["chosen_name"] == "Someone who was here"
    assert (after["is_active"], after["erased_at"], after["closed_at"]) == (
        False,
        timezone.now(),
        timezone.now(),
    )
    assert User.objects.get(pk=lived.pk).has_usable_password() is False


def test_a8_no_name_and_no_word_stands_in_any_table(lived):
    erase(lived)
    gone = [*NAMES.values(), *(word for name, word in WORDS.items() if name != "group"), "192.0.2.7"]
    values = list(every_byte_of_the_database())
    assert [word for word in gone for value in values if word.encode() in value] == []


def test_a8_who_was_in_a_past_session_stays_without_a_name(lived):
    erase(lived)
    assert [str(row.client) for row in Attendance.objects.all()] == ["Someone who was here"]
    (row,) = Booking.objects.filter(client=lived)
    assert row.session.starts_at < timezone.now()
    assert (row.priority, row.priority_by, row.priority_sealed) == (0, None, None)  # nor why they came first


def test_a8_the_place_goes_to_whoever_waits(lived, noor):
    ahead = Session.objects.get(starts_at__gt=timezone.now())
    Booking.objects.create(session=ahead, client=noor, state="waitlisted", joined_at=timezone.now())
    erase(lived)
    assert [(row.client, row.state) for row in ahead.bookings.all()] == [(noor, "offered")]


def test_a8_what_was_sealed_opens_with_no_key_that_is_left(lived, noor):
    vault.key_for(noor.pk)
    dump = sealed_of(lived)
    key_in_old_backups = DataKey.objects.get(owner=lived)
    key = vault.key_for(lived.pk)
    assert all(key.unseal(value, *about) for value, about in dump)
    erase(lived)
    assert DataKey.objects.filter(owner=lived).count() == 0
    left = [vault.unwrap(row) for row in DataKey.objects.all()]
    assert left
    for value, about in dump:
        with pytest.raises(Unreadable, match="destroyed"):
            vault.key_for(lived.pk).unseal(value, *about)
        for secret in left:
            with pytest.raises(Unreadable):
                vault.PersonKey(lived.pk, lambda secret=secret: secret).unseal(value, *about)
    # What the page says about backups is true: until they are destroyed, they hold the key as well.
    whole = vault.PersonKey(lived.pk, lambda: vault.unwrap(key_in_old_backups))
    assert whole.unseal(*dump[1][:1], *dump[1][1]) == WORDS["text"]


def test_a8_an_erased_person_never_gets_another_key(lived):
    erase(lived)
    with pytest.raises(Unreadable, match="destroyed"):
        vault.key_for(lived.pk).seal("more", "anything")
    with transaction.atomic(), pytest.raises(Unreadable, match="destroyed"):
        vault.key_to_seal(lived.pk).seal("more", "anything")
    # As from a request that began before: the person in its hands still looks active.
    with pytest.raises((Unreadable, PermissionDenied)):
        write(lived)
    with pytest.raises((Unreadable, PermissionDenied)):
        CheckIn.objects.answer(Answers(mood=1), by=lived, now=timezone.now())
    assert DataKey.objects.count() == Entry.objects.count() == CheckIn.objects.count() == 0


def write(person) -> None:
    now = timezone.now()
    Entry.objects.write(by=person, client_token=uuid.uuid4(), page=Page("", "x"), on=now.date(), now=now)


def test_a8_an_erased_account_cannot_be_opened_again_not_even_by_hand(lived):
    erase(lived)
    with pytest.raises(IntegrityError, match="erased_account_stays_closed"), transaction.atomic():
        User.objects.filter(pk=lived.pk).update(is_active=True)


def test_a8_the_books_keep_bare_numbers_and_one_line_says_what_was_done(lived, ana):
    looks = AccessRecord.objects.filter(subject_id=lived.pk).count()
    erase(lived)
    erase(lived)
    assert AccessRecord.objects.filter(subject_id=lived.pk).count() == looks > 0
    (line,) = AuditEvent.objects.filter(act=AuditEvent.Act.ERASED)
    assert (line.actor_id, line.subject_id, line.detail) == (lived.pk, lived.pk, "")


def test_a8_what_was_told_to_staff_about_them_leads_nowhere_and_breaks_nothing(lived, ana, dev, client_of):
    EmergencyAccess.objects.begin(client=lived, by=dev, reason="why", now=timezone.now())
    Notification.objects.filter(recipient=ana).update(shown_at=timezone.now())
    erase(lived)
    page = client_of(ana).get("/notices/")
    assert page.status_code == 200
    assert "Sentinelname" not in page.text + client_of(ana).get("/today/").text


def test_a8_nobody_opens_the_page_of_an_erased_account_or_does_anything_with_it(lived, mara, client_of):
    browser = client_of(mara)
    assert browser.get(f"/people/{lived.pk}/").status_code == 200
    erase(lived)
    assert browser.get(f"/people/{lived.pk}/").status_code == 404
    for path in (f"/people/{lived.pk}/card/", f"/people/{lived.pk}/admission/"):
        assert browser.get(path).status_code == 404
    assert "Someone who was here" not in browser.get("/people/").text


def test_a8_only_oneself_may_do_it(sam, noor, ana, mara):
    for other in (noor, ana, mara):
        with pytest.raises(PermissionDenied):
            actions.erase(client=sam, by=other, now=timezone.now())
    with pytest.raises(PermissionDenied):
        actions.erase(client=ana, by=ana, now=timezone.now())
    assert User.objects.filter(erased_at=None).count() == 4


@pytest.mark.django_db(transaction=True)
def test_a8_what_was_cut_off_goes_on_in_the_night_and_nothing_can_be_read_meanwhile(lived, monkeypatch):
    def cut_off(*_):
        raise ConnectionError

    dump = sealed_of(lived)
    with monkeypatch.context() as broken:
        broken.setattr(erasure, "FORGET", (*erasure.FORGET, cut_off))
        with pytest.raises(ConnectionError):
            erase(lived)
    half = User.objects.get(pk=lived.pk)
    assert (half.is_active, half.closed_at, half.erased_at) == (False, None, timezone.now())
    assert Entry.objects.filter(owner=lived).count() == 1
    with pytest.raises(Unreadable, match="destroyed"):
        vault.key_for(lived.pk).unseal(dump[0][0], *dump[0][1])

    actions.finish_erasures(now=timezone.now() + timedelta(days=30))
    assert Entry.objects.filter(owner=lived).count() == 0
    assert User.objects.get(pk=lived.pk).chosen_name == "Someone who was here"


@pytest.mark.django_db(transaction=True)
def test_a8_a_row_that_came_in_at_the_last_moment_goes_in_the_night(lived):
    erase(lived)
    Notification.objects.post(
        recipient=lived,
        kind="checkins.reminder",
        about=uuid.uuid4(),
        due_on=timezone.now().date(),
        not_before=timezone.now(),
    )
    actions.finish_erasures(now=timezone.now() + timedelta(hours=12))
    assert Notification.objects.filter(recipient=lived).count() == 0
    assert AuditEvent.objects.filter(act=AuditEvent.Act.ERASED).count() == 1


@pytest.fixture
def asked_again(lived, client_of, again):
    return again(client_of(lived), lived)


def test_a8_the_page_says_what_goes_what_stays_and_until_when_backups_last(asked_again):
    page = " ".join(asked_again.get("/me/delete/").text.split())
    assert "What goes" in page
    assert "What stays" in page
    assert "The last of them is destroyed on Tuesday, 29 December 2026" in page
    assert 'href="/me/export/"' in page


@pytest.mark.parametrize(
    "typed", ["", "sam", "sentinelsigni", "sentinelsignin\0", "x" * 100_000, "\u202esentinelsignin", "👩🏽‍🦱"]
)
def test_a8_another_name_deletes_nothing(asked_again, lived, typed):
    response = asked_again.post("/me/delete/", {"username": typed})
    assert response.status_code == 422
    assert Entry.objects.count() == 1
    assert User.objects.get(pk=lived.pk).erased_at is None


def test_a8_it_asks_once_more_who_it_is(lived, client_of):
    response = client_of(lived).post("/me/delete/", {"username": "sentinelsignin"})
    assert response.status_code == 303
    assert User.objects.get(pk=lived.pk).erased_at is None


def test_a8_afterwards_one_is_signed_out_everywhere_and_lands_on_a_page_without_names(
    asked_again, lived, noor, client_of
):
    elsewhere, hers = client_of(lived), client_of(noor)
    asked_again.cookies["known"] = "x"
    response = asked_again.post("/me/delete/", {"username": " Sentinelsignin "})
    assert (response.status_code, response["Location"]) == (303, "/gone/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert {cookie.value for cookie in response.cookies.values()} == {""}
    assert SignedIn.objects.count() == 1
    assert hers.get("/me/").status_code == 200
    page = asked_again.get("/gone/")
    assert "It is done" in page.text
    assert "Sentinelname" not in page.text
    assert page.text == Client().get("/gone/").text
    for browser in (asked_again, elsewhere):
        assert browser.get("/today/")["Location"].startswith("/accounts/login/")


def test_a8_who_has_left_can_do_it_too(lived, client_of, again):
    User.objects.filter(pk=lived.pk).update(away_since=timezone.localdate())
    lived.refresh_from_db()
    again(client_of(lived), lived).post("/me/delete/", {"username": "sentinelsignin"})
    assert User.objects.get(pk=lived.pk).erased_at == timezone.now()
