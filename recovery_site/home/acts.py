"""Small kind acts, one a day. Nobody keeps count of them."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTS: list[str | Promise] = [
    _("Sit next to someone new at a meal, and ask how their day really was."),
    _("Say good morning to somebody by their name."),
    _("Hold a door, and look at the person as you do."),
    _("Ask somebody to show you something they are good at."),
    _("Thank the person who cooked today."),
    _("Write a line to someone you miss. You need not send it."),
    _("Save a seat for somebody in your next group."),
    _("Listen to one person without giving advice."),
    _("Tell someone what you liked about what they said."),
    _("Carry a thing for somebody, without being asked."),
    _("Invite one person for a walk around the garden."),
    _("Put your hand on your heart for three breaths, and wish yourself well."),
    _("Let somebody help you with a small thing today."),
    _("Make a cup of tea for two."),
    _("Ask a quiet person what they think, and wait for the answer."),
    _("Share a song, and say why you like it."),
    _("Tell the truth to one safe person when they ask how you are."),
    _("Leave a room a little nicer than you found it."),
    _("Remember something a person told you, and ask how it went."),
    _("Say no kindly to one thing, and yes to some rest."),
]


def act_of(day: date, turn: int = 0) -> str:
    """The act of this day; each further turn is another one, and in the end the first again."""
    return str(ACTS[(day.toordinal() + turn) % len(ACTS)])


def turn_of(text: str) -> int:
    """A turn from an address; 0 for whatever is no turn."""
    return int(text) % len(ACTS) if text.isascii() and text.isdigit() and len(text) < 4 else 0
