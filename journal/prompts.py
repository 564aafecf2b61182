"""Ways to begin a page: safety and kindness to oneself first (J6), and nothing about the past.

The questions follow ideas of the articles that the program reads with its clients.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

SETTLING_DAYS = 7  # from the day of joining; for the program to confirm


@dataclass(frozen=True)
class Prompt:
    name: str
    text: str | Promise


GROUNDING = (
    Prompt("safe", _("What do you need right now to feel safe?")),
    Prompt("steady", _("Name three things in the room that are steady.")),
    Prompt("feet", _("Where do your feet touch the floor, and how does it feel?")),
    Prompt("sounds", _("Which sounds can you hear, from near to far?")),
    Prompt("ease", _("Which part of your body feels at ease, even a little?")),
    Prompt("place", _("Which corner of the house do you like best, and why?")),
    Prompt("warm", _("What is warm, soft or smells good today?")),
    Prompt("next", _("What is the next small thing, and can it wait?")),
)
SELF_COMPASSION = (
    Prompt("friend", _("What would you tell a friend who felt this way?")),
    Prompt("enough", _("What was enough today, even if it was not perfect?")),
    Prompt("gentle", _("Where could you be gentler with yourself this week?")),
    Prompt("strain", _("What is hard today? Say it the way a kind person would.")),
    Prompt("rest", _("What would rest look like for you tonight?")),
    Prompt("tried", _("What did you try, whether or not it worked?")),
)
SMALL_ACTS = (
    Prompt("kind", _("Who was kind today, and how?")),
    Prompt("thanks", _("Which small thing are you glad of right now?")),
    Prompt("gave", _("What did you do for somebody, however small?")),
    Prompt("made", _("What did your hands make, fix or tidy today?")),
    Prompt("laugh", _("What made you smile?")),
)
CONNECTION = (
    Prompt("beside", _("Who is easy to sit beside, and what makes it easy?")),
    Prompt("listen", _("Who listened to you, and how could you tell?")),
    Prompt("say", _("What would you like somebody here to know about you?")),
    Prompt("ask", _("What could you ask for help with this week?")),
    Prompt("someone", _("Who would you like to say hello to tomorrow?")),
)
ANYTHING = Prompt("anything", _("What is on your mind?"))
LATER = SELF_COMPASSION + SMALL_ACTS + CONNECTION
BY_NAME = {prompt.name: prompt for prompt in (*GROUNDING, *LATER, ANYTHING)}


def prompt_for(person: User, day: date) -> Prompt:
    """The day's question: grounding every other day; between, kindness to oneself first, then all kinds."""
    turn, between = divmod(day.toordinal() + person.pk.int, 2)
    settling = (day - person.local_day(person.joined_at)).days < SETTLING_DAYS
    questions = (SELF_COMPASSION if settling else LATER) if between else GROUNDING
    return questions[turn % len(questions)]


def other_ways(person: User, day: date, *, than: Prompt) -> list[Prompt]:
    """One question of each kind besides this one, and the open page."""
    turn = day.toordinal() + person.pk.int
    kinds = (SELF_COMPASSION, GROUNDING, SMALL_ACTS + CONNECTION, (ANYTHING,))
    found = (next((way for way in rotated(kind, turn) if way != than), None) for kind in kinds)
    return [way for way in found if way]


def rotated(questions: tuple[Prompt, ...], turn: int) -> tuple[Prompt, ...]:
    start = turn % len(questions)
    return questions[start:] + questions[:start]
