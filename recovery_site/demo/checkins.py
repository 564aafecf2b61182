"""Three weeks of check-ins, with their gaps; one person who asked for someone a while ago; reminder plans."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import Stay, User
from accounts.vault import PersonKey, keys_for
from checkins.answers import Answers, Need
from checkins.explanation import VERSION
from checkins.models import Acceptance, CheckIn, ReminderPlan

DAYS = 21
SAM_SAID_NOTHING = {0, 5}  # days ago; today is Sam's to fill in
ASKED_AGO = timedelta(minutes=40)
NOTES = {
    1: [
        "Could not get out of my own head today.",
        "Called home and nobody picked up. Long evening.",
        "Woke at three and stayed awake.",
    ],
    2: [
        "Heavy morning. Breakfast with the others helped a bit.",
        "Craving after the phone call. It passed after about an hour.",
        "Tired of talking about it. Went for a walk instead.",
    ],
    3: [
        "Up and down. The garden was good.",
        "Said two sentences in the morning circle. That is two more than last week.",
        "Quiet day. I think I needed one.",
    ],
    4: [
        "Slept through. First time this week.",
        "My sister wrote back.",
        "Laughed at dinner, a real one.",
    ],
    5: [
        "Made bread with the kitchen crew. Everyone took seconds.",
        "Thirty minutes on the phone with my daughter.",
        "Someone asked me to sit with them. I did, and it was good for both of us.",
    ],
}
QUIETER_NEEDS = [Need.QUIET, Need.GROUNDING, Need.INFORMATION, Need.NOTHING, Need.NOTHING]
PLANS: dict[str, dict[str, Any]] = {
    "june": {"at": time(12, 30)},
    "teo": {"at": time(18), "weekdays": 0b0011111},
    "hana": {"at": time(20)},
    "yuki": {"at": time(8, 30)},
    "walter": {"is_on": False},
}


def seed(people: dict[str, User], now: datetime) -> None:
    clients = [person for person in people.values() if person.is_client]
    begun = set(CheckIn.objects.filter(client__in=clients).values_list("client", flat=True))
    newcomers = [client for client in clients if client.pk not in begun]
    keys = keys_for(client.pk for client in newcomers)
    CheckIn.objects.bulk_create(
        check_in for client in newcomers for check_in in weeks_of(client, keys[client.pk], now)
    )
    if (luis := people.get("luis")) in newcomers:
        ask_for_someone(luis, now)
    plans = [ReminderPlan(client=client, **PLANS.get(client.username, {})) for client in clients]
    ReminderPlan.objects.bulk_create(plans, ignore_conflicts=True)
    accepted = [Acceptance(client=client, version=VERSION, at=now) for client in clients]
    Acceptance.objects.bulk_create(accepted, ignore_conflicts=True)


def weeks_of(client: User, key: PersonKey, now: datetime) -> Iterator[CheckIn]:
    chance = random.Random(f"check-ins of {client.username}")  # noqa: S311  # the same days at each start
    stays = list(client.stays.all())
    for days_ago in reversed(range(DAYS)):
        day = client.local_day(now) - timedelta(days=days_ago)
        lives_here = any(lasts(stay, day) for stay in stays)
        # Better and worse days, a little more of the better ones as the weeks go by.
        mood = min(5, max(1, round(chance.gauss(3.8 - days_ago / 16, 0.9))))
        if says_something(client, days_ago, chance) and lives_here:
            yield check_in_of(client, key, at(client, day, chance, now), mood, chance)


def lasts(stay: Stay, day: date) -> bool:
    return stay.admitted_on <= day and (stay.discharged_on is None or day < stay.discharged_on)


def says_something(client: User, days_ago: int, chance: random.Random) -> bool:
    if client.username == "sam":
        return days_ago not in SAM_SAID_NOTHING
    if client.username == "luis" and days_ago == 0:
        return False
    return chance.random() < 0.86


def at(client: User, day: date, chance: random.Random, now: datetime) -> datetime:
    """Some time between morning and evening, and never ahead of now."""
    clock = time(chance.randrange(8, 21), chance.randrange(60))
    moment = datetime.combine(day, clock, tzinfo=client.zone)
    return min(moment, now) if client.local_day(now) == day else moment


def check_in_of(client: User, key: PersonKey, moment: datetime, mood: int, chance: random.Random) -> CheckIn:
    check_in = CheckIn(client=client, day=client.local_day(moment), created_at=moment, edited_at=moment)
    if client.username == "sam" or chance.random() < 0.95:
        check_in.hold(answers(mood, chance), key, moment)
    return check_in


def answers(mood: int, chance: random.Random) -> Answers:
    def near(step: int) -> int | None:
        return min(5, max(0, step + chance.choice([-1, 0, 1]))) if chance.random() < 0.6 else None

    return Answers(
        mood=mood,
        need=chance.choice(QUIETER_NEEDS) if chance.random() < 0.5 else None,
        closeness=near(mood),
        urge=near(4 - mood),
        sleep=near(mood),
        note=chance.choice(NOTES[mood]) if chance.random() < 0.3 else None,
    )


def ask_for_someone(client: User, now: datetime) -> None:
    earlier = now - ASKED_AGO
    asked_at = earlier if client.local_day(earlier) == client.local_day(now) else now
    words = "The night was long. I would like to talk before lunch, if somebody has time."
    said = Answers(mood=2, need=Need.TALK, closeness=1, urge=3, sleep=1, note=words)
    CheckIn.objects.answer(said, by=client, now=asked_at)
