"""K1 and K2: one check-in a day of the person's own clock, sealed, read by the care team."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import AccessRecord, CareTeamMember, DataKey, User
from checkins import outreach
from checkins.answers import Answers, Mood
from checkins.models import CheckIn
from tests.checkins.conftest import SENTINEL

NEW_YORK_NIGHT = datetime(2026, 11, 25, 7, 59, tzinfo=UTC)  # Wednesday 02:59 in New York


def test_k1_the_day_ends_at_three_by_the_persons_own_clock(sam):
    late = CheckIn.objects.answer(Answers(mood=2), by=sam, now=NEW_YORK_NIGHT)
    early = CheckIn.objects.answer(Answers(mood=4), by=sam, now=NEW_YORK_NIGHT + timedelta(minutes=1))
    assert (late.day, early.day) == (date(2026, 11, 24), date(2026, 11, 25))


def test_k1_the_day_is_of_the_persons_zone_and_not_of_the_programs(sam):
    sam.time_zone = "Pacific/Auckland"
    assert CheckIn.objects.skip(by=sam, now=NEW_YORK_NIGHT).day == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        # The night of 7 to 8 March has no 02:00 to 03:00 in New York, so the day ends at 03:00 EDT.
        (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), date(2026, 3, 7)),
        (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), date(2026, 3, 8)),
        # The night of 31 October to 1 November has 01:00 to 02:00 twice.
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 11, 1, 7, 59, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 11, 1, 8, 0, tzinfo=UTC), date(2026, 11, 1)),
    ],
)
def test_k1_the_day_ends_at_three_through_both_changes_of_the_clock(sam, at, day):
    assert CheckIn.objects.skip(by=sam, now=at).day == day


def test_k1_a_second_answer_changes_the_first(sam, said, frozen):
    first, second = said(sam, mood=2), said(sam, mood=4)
    assert first.pk == second.pk
    assert CheckIn.objects.get().revision == 2
    assert CheckIn.objects.get().opened(by=sam) == Answers(mood=4)


def test_k1_what_a_later_answer_leaves_out_stays(sam, said, frozen):
    said(sam, mood=2, urge=1, note="Slept badly.")
    said(sam, mood=4)
    assert CheckIn.objects.get().opened(by=sam) == Answers(mood=4, urge=1, note="Slept badly.")


def test_k1_a_note_can_be_taken_away(sam, said, frozen):
    said(sam, mood=2, note="Slept badly.")
    said(sam, mood=2, note="")
    assert CheckIn.objects.get().opened(by=sam).note == ""


def test_the_same_answer_twice_is_one_revision(sam, said, frozen):
    said(sam, mood=2)
    said(sam, mood=2)
    assert CheckIn.objects.get().revision == 1


def test_k1_not_today_is_an_answer_and_gives_way_to_words(sam, said, frozen):
    check_in = CheckIn.objects.skip(by=sam, now=timezone.now())
    assert (check_in.not_today, check_in.opened(by=sam)) == (True, None)
    said(sam, mood=5)
    assert CheckIn.objects.get().opened(by=sam) == Answers(mood=5)


def test_k1_not_today_takes_no_words_away(sam, said, frozen):
    said(sam, mood=5, note=SENTINEL)
    CheckIn.objects.skip(by=sam, now=timezone.now())
    assert CheckIn.objects.get().opened(by=sam).note == SENTINEL


def test_k1_the_database_holds_one_check_in_a_day(sam, said, frozen):
    day = said(sam).day
    again = CheckIn(client=sam, day=day, created_at=timezone.now(), edited_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


@pytest.mark.parametrize("row", [{"not_today": True, "answers_sealed": b"x"}, {"not_today": False}])
def test_the_database_holds_either_answers_or_not_today(sam, row, frozen):
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(client=sam, day=date(2026, 11, 24), created_at=now, edited_at=now, **row)


@pytest.mark.django_db(transaction=True)
def test_k1_twenty_threads_at_once_make_one_check_in(sam, ana):
    now, failures = timezone.now(), []

    def send(mood):
        try:
            CheckIn.objects.answer(Answers(mood=mood, need="talk"), by=sam, now=now)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(1 + number % 5,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert CheckIn.objects.get().opened(by=sam).mood in Mood.values
    assert sam.outreach_tasks.count() == 1
    assert ana.notices.count() == 1


def test_who_may_open_a_check_in(cast, said, frozen):
    check_in = said(cast["sam"], note=SENTINEL)
    seen = {name for name, user in cast.items() if check_in in CheckIn.objects.visible_to(user)}
    assert seen == {"sam", "ana"}
    opens = {name: CheckIn.objects.filter(pk=check_in.pk).opened(by=user) for name, user in cast.items()}
    assert {name for name, rows in opens.items() if rows} == {"sam", "ana"}
    with pytest.raises(CheckIn.DoesNotExist):
        check_in.opened(by=cast["dev"])


def line_for(client: User) -> str:
    return outreach.who_reads(client, list(outreach.readers(client)))


def test_the_readers_named_are_those_who_may_open_it(cast, mo, said, frozen):
    check_in = said(cast["sam"])
    everyone = [*cast.values(), mo]
    may_open = {user for user in everyone if check_in in CheckIn.objects.visible_to(user)}
    assert {*outreach.readers(cast["sam"]), cast["sam"]} == may_open
    assert line_for(cast["sam"]) == "You, Ana Ruiz and Mo Lindqvist can see this. It is no emergency line."


def test_a_clinician_who_left_the_care_team_reads_nothing_more(sam, ana, said, frozen):
    check_in = said(sam)
    CareTeamMember.objects.update(ended_at=timezone.now())
    assert CheckIn.objects.filter(pk=check_in.pk).opened(by=ana) == []
    assert line_for(sam).startswith("Only you can see this. Nobody is on your care team yet.")


def test_a_clinician_whose_account_is_closed_is_not_named(sam, ana, mo, frozen):
    ana.is_active = False
    ana.save()
    assert line_for(sam).startswith("You and Mo Lindqvist can see this.")


def test_a5_each_look_of_a_clinician_is_noted_and_ones_own_is_not(sam, ana, said, frozen):
    check_in = said(sam)
    check_in.opened(by=sam)
    assert AccessRecord.objects.count() == 0
    check_in.opened(by=ana, now=timezone.now())
    record = AccessRecord.objects.get()
    assert (record.actor, record.subject_id, record.what) == (ana, sam.pk, AccessRecord.What.CHECK_IN)


def test_no_column_holds_the_words(sam, said, frozen):
    check_in = said(sam, mood=2, note=SENTINEL)
    sealed = bytes(CheckIn.objects.values_list("answers_sealed", flat=True).get())
    assert SENTINEL.encode() not in sealed
    assert b"mood" not in sealed
    assert check_in.opened(by=sam).note == SENTINEL


def test_answers_moved_to_another_row_do_not_open(sam, said, frozen):
    yesterday, today = said(sam, days_ago=1, note=SENTINEL), said(sam, note="today")
    CheckIn.objects.filter(pk=today.pk).update(answers_sealed=yesterday.answers_sealed)
    assert CheckIn.objects.get(pk=today.pk).opened(by=sam) is None


def test_without_the_key_nothing_opens_and_other_days_still_show(sam, noor, said, frozen):
    said(sam, note=SENTINEL)
    DataKey.objects.filter(owner=sam).delete()
    assert CheckIn.objects.get().opened(by=sam) is None
    assert said(sam, mood=4).opened(by=sam) == Answers(mood=4)


def test_trend_leaves_gaps_as_gaps(sam, said, frozen):
    said(sam, days_ago=2, mood=1)
    said(sam, mood=5)
    CheckIn.objects.skip(by=sam, now=timezone.now() - timedelta(days=1))
    today = sam.local_day(timezone.now())
    trend = CheckIn.objects.trend(sam, by=sam, until=today, days=4)
    assert [mood for _day, mood in trend] == [None, 1, None, 5]
    assert trend[-1][0] == today


@pytest.mark.parametrize("days", [1, 30])
def test_a_trend_costs_two_queries_however_long(sam, said, days, frozen, django_assert_num_queries):
    for number in range(days):
        said(sam, days_ago=number)
    with django_assert_num_queries(2):
        CheckIn.objects.trend(sam, by=sam, until=sam.local_day(timezone.now()), days=30)


def test_for_clinician_shows_the_care_team_only_and_notes_it_once(sam, ana, dev, said, frozen):
    said(sam, days_ago=1, mood=2)
    said(sam, mood=4)
    now = timezone.now()
    assert [
        row.answers and row.answers.mood
        for row in CheckIn.objects.for_clinician(sam, by=ana, now=now, days=3)
    ] == [
        None,
        2,
        4,
    ]
    assert AccessRecord.objects.filter(actor=ana, subject_id=sam.pk).count() == 1
    assert not any(row.check_in for row in CheckIn.objects.for_clinician(sam, by=dev, now=now))
    assert AccessRecord.objects.filter(actor=dev).count() == 0


@pytest.fixture
def household(ana):
    """Clients of Ana, as many as asked for."""
    from accounts.models import Stay
    from accounts.roles import Role
    from tests.cast import person

    def admit(number):
        people = [person(f"guest-{n}", Role.CLIENT, f"Guest {n}", "") for n in range(number)]
        Stay.objects.bulk_create(Stay(client=guest, admitted_on=date(2026, 11, 1)) for guest in people)
        CareTeamMember.objects.bulk_create(CareTeamMember(client=guest, clinician=ana) for guest in people)
        return people

    return admit


@pytest.mark.parametrize("number", [1, 30])
def test_the_picture_of_the_day_costs_three_queries(
    ana, household, said, number, frozen, django_assert_num_queries
):
    for guest in household(number):
        said(guest)
    with django_assert_num_queries(3):
        assert CheckIn.objects.picture_of_day(ana, timezone.now()).answered == number


def test_the_picture_of_the_day_counts_and_notes_no_look(ana, sam, household, said, frozen):
    first, second, third = household(3)
    said(first, mood=4), said(second, mood=4), said(third, mood=3)
    CheckIn.objects.skip(by=sam, now=timezone.now())
    picture = CheckIn.objects.picture_of_day(ana, timezone.now())
    assert (picture.clients, picture.answered, picture.not_today) == (4, 4, 1)
    assert picture.moods == {4: 2, 3: 1}
    assert AccessRecord.objects.count() == 0


def test_the_picture_of_the_day_shows_no_mood_where_few_told(ana, sam, household, said, frozen):
    said(sam, mood=1)
    said(household(1)[0], mood=1)
    picture = CheckIn.objects.picture_of_day(ana, timezone.now())
    assert (picture.answered, picture.moods) == (2, {})


def test_the_picture_of_the_day_is_of_each_clients_own_day(ana, household, said, frozen):
    guest = household(1)[0]
    guest.time_zone = "Pacific/Auckland"
    guest.save()
    said(guest)
    said(guest, days_ago=1)
    assert CheckIn.objects.picture_of_day(ana, timezone.now()).answered == 1
