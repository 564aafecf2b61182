"""Which question is asked on which day (J6)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from accounts.models import User
from journal import prompts, remembered
from journal.models import Kind, Prompt
from journal.models.prompt import ALWAYS_SOME, plain
from tests.journal.questions import SHIPPED

JOINED = datetime(2026, 11, 1, 15, tzinfo=UTC)
DAYS = [date(2026, 11, 1) + timedelta(days=n) for n in range(400)]
WAYS = [prompts.ANYTHING, *map(prompts.way_of, SHIPPED)]


def person(number: int) -> User:
    return User(pk=UUID(int=number), role="client", joined_at=JOINED)


@pytest.mark.parametrize("number", range(48))
def test_no_question_comes_two_days_running(number):
    asked = [prompts.prompt_for(person(number), day) for day in DAYS]
    assert [
        day for day, (one, following) in zip(DAYS, pairwise(asked), strict=False) if one == following
    ] == []


def test_the_question_of_a_day_stays(sam):
    assert {prompts.prompt_for(sam, DAYS[3]) for _ in range(20)} == {prompts.prompt_for(sam, DAYS[3])}


@pytest.mark.parametrize("number", range(48))
def test_j6_the_first_week_asks_for_grounding_and_self_compassion_only(number):
    asked = {prompts.prompt_for(person(number), day) for day in DAYS[: prompts.SETTLING_DAYS]}
    assert asked <= set(prompts.of(Kind.GROUNDING, Kind.KINDNESS))


def test_j6_every_question_has_its_turn_but_those_about_the_past():
    asked = {prompts.prompt_for(person(7), day) for day in DAYS}
    assert asked == set(prompts.of(Kind.GROUNDING, *prompts.LATER))


def test_every_question_has_a_number_of_its_own():
    assert len({way.name for way in WAYS}) == len(SHIPPED) + 1 == 31


@pytest.mark.parametrize("prompt", WAYS, ids=lambda prompt: prompt.name)
def test_other_ways_to_begin_differ_and_leave_out_the_one_shown(prompt):
    for day in DAYS[:60]:
        ways = prompts.other_ways(person(7), day, than=prompt)
        assert len(ways) == len(set(ways)) == (3 if prompt == prompts.ANYTHING else 4)
        assert prompt not in ways


def test_j6_the_past_comes_last_and_only_where_it_was_turned_on_and_the_first_week_is_over():
    about_the_past = set(prompts.of(Kind.NARRATIVE))
    for day in DAYS[:60]:
        asked = prompts.prompt_for(person(7), day)
        off, on = (prompts.other_ways(person(7), day, than=asked, narrative=on) for on in (False, True))
        assert about_the_past.isdisjoint(off)
        settled = day >= DAYS[prompts.SETTLING_DAYS]
        assert [way in about_the_past for way in on] == [False] * 4 + [True] * settled


def test_the_questions_in_the_table_are_those_that_a_process_remembers(db):
    assert list(Prompt.objects.offered()) == list(SHIPPED)
    assert [row.text for row in Prompt.objects.offered()] == [row.text for row in SHIPPED]


def test_questions_are_asked_for_once_a_minute_and_at_once_after_a_change(
    ana, django_assert_num_queries, monkeypatch
):
    remembered.clear()
    with django_assert_num_queries(1):
        first = remembered.questions()
        assert remembered.questions() is first
    assert [row.kind for row in first] == sorted((row.kind for row in first), key=Kind.values.index)
    Prompt.objects.write(by=ana, kind="grounding", text="Which cup is yours?", now=JOINED)
    assert "Which cup is yours?" in {way.text for way in prompts.of(Kind.GROUNDING)}
    then = remembered.time.monotonic()
    Prompt.objects.filter(text="Which cup is yours?").delete()  # by another process
    monkeypatch.setattr(remembered.time, "monotonic", lambda: then + 60)
    with django_assert_num_queries(1):
        assert "Which cup is yours?" not in {way.text for way in prompts.of(Kind.GROUNDING)}


WORDS = ("What is near?", "what is near", "Who is kind?", "What holds?", "Which cup is yours?")
KINDS = (Kind.GROUNDING, Kind.KINDNESS, Kind.SMALL_ACTS)
EDITS = some.tuples(
    some.sampled_from(["write", "reword", "retire", "bring_back", "move"]),
    some.sampled_from(KINDS),
    some.sampled_from(WORDS),
    some.integers(0, 50),
    some.sampled_from([0, 5, 24, 26]),  # hours until the next one
)


def change(edit: str, kind: Kind, words: str, which: int, by: User, now: datetime, client: User) -> None:
    rows = list(Prompt.objects.filter(kind=kind).order_by("created_at", "pk"))
    row = rows[which % len(rows)]
    try:
        if edit == "write":
            Prompt.objects.write(by=by, kind=kind, text=words, now=now)
        elif edit == "reword":
            row.reword(words, by=by, now=now)
        elif edit == "move":
            day = client.local_day(now)
            today, tomorrow = (asked_row(client, day + timedelta(days=n)) for n in (0, 1))
            today.reword(f"{words} {which}", by=by, now=now)
            tomorrow.reword(today.text, by=by, now=now)
        else:
            getattr(row, edit)(by=by, now=now)
    except ValidationError:
        return


def asked_row(client: User, day: date) -> Prompt:
    return Prompt.objects.get(pk=prompts.prompt_for(client, day).name)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(edits=some.lists(EDITS, min_size=5, max_size=20), number=some.integers(0, 1))
def test_j6_nobody_is_asked_the_same_words_two_days_running_whatever_is_changed(ana, edits, number):
    """Few questions, so that nearly each edit meets those that are asked."""
    Prompt.objects.all().delete()
    for place, (kind, words) in enumerate(
        [(kind, kind.label + end) for kind in KINDS for end in ("", "a", "b")]
    ):
        at = JOINED + timedelta(seconds=place)
        Prompt.objects.create(kind=kind, text=words, created_at=at, changed_at=at)
    remembered.clear()
    client, now, asked = person(number), JOINED + timedelta(days=20), {}
    for *edit, hours in edits:
        for changes in (False, True):
            if changes:
                change(*edit, by=ana, now=now, client=client)
            day = client.local_day(now)
            asked.setdefault(day, set()).add(plain(str(prompts.prompt_for(client, day).text)))
        now += timedelta(hours=hours)
        for kind, fewest in ALWAYS_SOME.items():
            assert Prompt.objects.offered().filter(kind=kind).count() >= fewest
    for day, words in asked.items():
        assert words.isdisjoint(asked.get(day + timedelta(days=1), set())), day


def test_j6_words_move_to_another_set_after_three_days_alone(ana):
    row = Prompt.objects.get(text="What made you smile?")
    row.retire(by=ana, now=JOINED)
    for hours in (0, 71):
        with pytest.raises(ValidationError, match="another set"):
            Prompt.objects.write(
                by=ana, kind="grounding", text="what made  you smile", now=JOINED + timedelta(hours=hours)
            )
    later = JOINED + timedelta(hours=72)
    assert Prompt.objects.write(by=ana, kind="grounding", text="What made you smile?", now=later)
    with pytest.raises(ValidationError, match="another set"):
        row.bring_back(by=ana, now=later)


@pytest.mark.parametrize("kind", ["grounding", "kindness"])
def test_j6_two_of_grounding_and_of_kindness_always_stay(ana, kind):
    rows = list(Prompt.objects.offered().filter(kind=kind))
    for row in rows[2:]:
        row.retire(by=ana, now=JOINED)
    for row in rows[:2]:
        with pytest.raises(ValidationError, match="At least two"):
            row.retire(by=ana, now=JOINED)
    rows[2].retire(by=ana, now=JOINED)  # it is out already: twice is once
    rows[2].bring_back(by=ana, now=JOINED)
    rows[0].retire(by=ana, now=JOINED)
    assert Prompt.objects.offered().filter(kind=kind).count() == 2


def test_other_words_are_a_row_of_their_own_in_the_same_place(ana):
    row = Prompt.objects.get(text="What made you smile?")
    before = prompts.of(Kind.SMALL_ACTS)
    place = before.index(prompts.way_of(row))
    new = row.reword("What made you laugh?", by=ana, now=JOINED)
    assert prompts.of(Kind.SMALL_ACTS)[place] == prompts.way_of(new)
    assert prompts.named(str(row.pk)) == prompts.way_of(row)  # whoever writes on a page that asked it
    assert (new.changed_by, new.created_at) == (ana, row.created_at)
    with pytest.raises(ValidationError, match="Somebody changed this question"):
        row.reword("What made you grin?", by=ana, now=JOINED)
    assert new.reword(new.text, by=ana, now=JOINED) == new


@pytest.mark.parametrize("who", ["sam", "eli", "mara"])
def test_only_clinicians_write_questions(cast, who):
    with pytest.raises(PermissionDenied):
        Prompt.objects.write(by=cast[who], kind="grounding", text="Where?", now=JOINED)
    with pytest.raises(PermissionDenied):
        Prompt.objects.first().retire(by=cast[who], now=JOINED)
