"""Stays: their days, their beds, and two managers at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEvent, Stay, User
from accounts.roles import Role

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def tom(db) -> User:
    tom = User.objects.create(
        username="tom", chosen_name="Tom", role=Role.CLIENT, away_since=date(2026, 10, 20)
    )
    Stay.objects.create(
        client=tom, admitted_on=date(2026, 9, 1), discharged_on=date(2026, 10, 20), bed="Elm 2"
    )
    return tom


def acts() -> list[tuple]:
    return list(AuditEvent.objects.order_by("pk").values_list("act", "actor_id", "subject_id", "detail"))


def test_a_stay_begins_with_a_day_and_a_bed(tom, mara):
    stay = tom.admit(on=TODAY, bed="  Oak   1 ", by=mara, now=NOW)
    assert (stay.admitted_on, stay.bed) == (TODAY, "Oak 1")
    assert tom.current_stay(TODAY) == stay
    assert not User.objects.get(pk=tom.pk).is_alum
    assert acts() == [("admitted", mara.pk, tom.pk, "")]


def test_beginning_twice_is_once(tom, mara):
    first = tom.admit(on=TODAY, bed="Oak 1", by=mara, now=NOW)
    assert tom.admit(on=TODAY, bed="Oak 1", by=mara, now=NOW) == first
    assert len(acts()) == 1
    with pytest.raises(ValidationError, match="open stay already"):
        tom.admit(on=TODAY, bed="Oak 2", by=mara, now=NOW)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY + timedelta(days=1), "today, or a day before"),
        (date(26, 11, 24), "today, or a day before"),
        (date(2026, 10, 19), "here until 20 October 2026"),
        (date(2026, 8, 1), "here until 20 October 2026"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(day, words, tom, mara):
    with pytest.raises(ValidationError, match=words) as refused:
        tom.admit(on=day, by=mara, now=NOW)
    assert list(refused.value.message_dict) == ["admitted_on"]
    assert tom.stays.count() == 1
    assert acts() == []


def test_one_may_come_back_on_the_day_of_leaving(tom, mara):
    assert tom.admit(on=date(2026, 10, 20), by=mara, now=NOW).admitted_on == date(2026, 10, 20)


@pytest.mark.parametrize(("taken", "wanted"), [("Elm 2", "elm 2"), ("Ärztehaus 1", "ÄRZTEHAUS 1")])
def test_a_bed_is_for_one_person_however_it_is_written(taken, wanted, sam, tom, mara):
    sam.stays.update(bed=taken)
    with pytest.raises(ValidationError, match="has this bed already") as refused:
        tom.admit(on=TODAY, bed=wanted, by=mara, now=NOW)
    assert list(refused.value.message_dict) == ["bed"]


def test_the_database_holds_a_bed_for_one_too(sam, noor):
    with pytest.raises(IntegrityError), transaction.atomic():
        noor.stays.update(bed="ELM 2")
    sam.stays.update(discharged_on=TODAY)
    noor.stays.update(bed="Elm 2")


def test_many_without_a_bed_and_a_bed_that_was_left(sam, noor, tom, mara):
    for client in (sam, noor):
        client.stays.update(bed="")
    tom.admit(on=TODAY, bed="Elm 2", by=mara, now=NOW)  # their own of the last time


def test_bed_and_day_of_arrival_change(sam, mara):
    stay = sam.stays.get()
    stay.change(on=date(2026, 11, 8), bed="Oak 7", by=mara, now=NOW)
    stay.change(on=date(2026, 11, 8), bed="Oak 7", by=mara, now=NOW)
    assert sam.stays.values_list("admitted_on", "bed").get() == (date(2026, 11, 8), "Oak 7")
    assert acts() == [("stay_changed", mara.pk, sam.pk, "")]


def test_a_stay_does_not_move_into_the_one_before(tom, mara):
    stay = tom.admit(on=TODAY, by=mara, now=NOW)
    with pytest.raises(ValidationError, match="here until 20 October 2026"):
        stay.change(on=date(2026, 10, 1), bed="", by=mara, now=NOW)


def at_once(*works) -> list[str]:
    def alone(work) -> str:
        try:
            work()
        except ValidationError as error:
            return error.messages[0]
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(works)) as threads:
        return sorted(threads.map(alone, works))


@pytest.mark.django_db(transaction=True)
def test_a_bed_given_to_six_people_at_once_is_one_persons(mara):
    people = [
        User.objects.create(username=f"c{number}", chosen_name="C", role=Role.CLIENT) for number in range(6)
    ]
    beds = ("Oak 1", "OAK 1", "oak 1") * 2
    answers = at_once(
        *(
            lambda person=person, bed=bed: person.admit(on=TODAY, bed=bed, by=mara, now=NOW)
            for person, bed in zip(people, beds, strict=True)
        )
    )
    assert answers == ["", *["Somebody has this bed already."] * 5]
    assert Stay.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_admitted_by_two_at_once_has_one_stay(mara):
    person = User.objects.create(username="c", chosen_name="C", role=Role.CLIENT)
    answers = at_once(
        *(lambda bed=bed: person.admit(on=TODAY, bed=bed, by=mara, now=NOW) for bed in ("Oak 1", "Oak 2"))
    )
    assert answers == ["", "This person has an open stay already."]
    assert Stay.objects.count() == 1


def test_a6_a_form_from_before_the_discharge_does_not_undo_it(sam, mara):
    stale = Stay.objects.select_related("client").get(client=sam)
    sam.leave(on=TODAY, by=mara, now=NOW)
    with pytest.raises(ValidationError, match="This stay is over"):
        stale.change(on=stale.admitted_on, bed="Elm 9", by=mara, now=NOW)
    stay = Stay.objects.get(client=sam)
    assert (stay.discharged_on, stay.bed) == (TODAY, "Elm 2")
    assert [act for act, *_ in acts()] == ["discharged"]


def test_a8_a_form_from_before_the_deletion_is_told_so(sam, mara):
    stale = Stay.objects.select_related("client").get(client=sam)
    sam.stays.all().delete()
    with pytest.raises(ValidationError, match="This stay is over"):
        stale.change(on=stale.admitted_on, bed="Elm 9", by=mara, now=NOW)
    assert not sam.stays.exists()


def test_of_two_managers_the_later_one_keeps_what_the_first_did_not_touch(sam, mara):
    one, two = (Stay.objects.select_related("client").get(client=sam) for _ in range(2))
    one.change(on=one.admitted_on, bed="Elm 9", by=mara, now=NOW)
    two.change(on=two.admitted_on, bed="Elm 9", by=mara, now=NOW)  # it is so already
    assert [act for act, *_ in acts()] == ["stay_changed"]


@pytest.mark.django_db(transaction=True)
def test_a6_of_a_change_and_a_discharge_at_once_the_stay_is_over(sam, mara):
    """The change waits for the client, and looks again."""

    def work(name: str) -> None:
        try:
            person = User.objects.get(pk=sam.pk)
            stay = Stay.objects.select_related("client").get(client=sam)
            if name == "discharge":
                with transaction.atomic():
                    person.lock()
                    person.leave(on=TODAY, by=mara, now=NOW)
            else:
                stay.change(on=stay.admitted_on, bed=name, by=mara, now=NOW)
        except ValidationError as error:
            assert "This stay is over" in error.messages[0]  # noqa: PT017  # of a thread
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, ["Elm 4", "discharge", "Elm 5", "Elm 6"]))
    assert Stay.objects.get(client=sam).discharged_on == TODAY
