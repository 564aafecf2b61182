from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from accounts.models import User
from journal import prompts

JOINED = datetime(2026, 11, 1, 15, tzinfo=UTC)
DAYS = [date(2026, 11, 1) + timedelta(days=n) for n in range(400)]


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
    assert asked <= {*prompts.GROUNDING, *prompts.SELF_COMPASSION}


def test_every_question_has_its_turn():
    asked = {prompts.prompt_for(person(7), day) for day in DAYS}
    assert asked == {*prompts.GROUNDING, *prompts.LATER}


def test_names_are_unique():
    assert len(prompts.BY_NAME) == len(prompts.GROUNDING) + len(prompts.LATER) + 1


@pytest.mark.parametrize("prompt", prompts.BY_NAME.values(), ids=lambda prompt: prompt.name)
def test_other_ways_to_begin_differ_and_leave_out_the_one_shown(prompt):
    for day in DAYS[:60]:
        ways = prompts.other_ways(person(7), day, than=prompt)
        assert len(ways) == len(set(ways)) == (3 if prompt == prompts.ANYTHING else 4)
        assert prompt not in ways
