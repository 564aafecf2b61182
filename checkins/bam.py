"""The Brief Addiction Monitor in its weekly form: what it asks, what may be answered, how it is summed.

The instrument and its three sums are by the Department of Veterans Affairs (public domain; Cacciola and
others, 2013, "Development and initial evaluation of the Brief Addiction Monitor"). The questions stand here
in plain words. Stored are the days themselves, so that nothing is lost if the steps change.

For the program to confirm: how days of one week become steps (DAY_STEPS; the published steps are made for
30 days), and from where on help lines stand beside (HEAVY).
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

LEFT_OPEN = -1  # takes an earlier answer away
DAYS = [(number, str(number)) for number in range(8)]
DAY_STEPS = (0, 1, 2, 3, 4, 4, 4, 4)  # step of 0, 1, 2 … 7 days
HOW_MUCH = list(enumerate((_("Not at all"), _("A little"), _("Somewhat"), _("Quite a bit"), _("Very much"))))
HEALTH = list(enumerate((_("Excellent"), _("Very good"), _("Good"), _("Fair"), _("Poor"))))
ENOUGH = [(0, _("No")), (4, _("Yes"))]


class Item(NamedTuple):
    name: str
    question: Any
    choices: list[tuple[int, Any]]

    def words(self, value: int) -> str:
        label = str(dict(self.choices).get(value, value))
        return str(_("%(number)s of 7 days")) % {"number": label} if self.choices is DAYS else label

    def step(self, value: int) -> int:
        return DAY_STEPS[value] if self.choices is DAYS else value


ITEMS = (
    Item("1", _("How was your physical health?"), HEALTH),
    Item("2", _("On how many nights was it hard to fall asleep or stay asleep?"), DAYS),
    Item("3", _("On how many days were you sad, anxious, angry or very upset most of the day?"), DAYS),
    Item("4", _("On how many days did you drink any alcohol?"), DAYS),
    Item("5", _("On how many days did you have 5 drinks or more (4 or more for a woman)?"), DAYS),
    Item("6", _("On how many days did you use street drugs, or misuse medicines?"), DAYS),
    Item("7a", _("Days with marijuana"), DAYS),
    Item("7b", _("Days with sedatives or tranquilizers"), DAYS),
    Item("7c", _("Days with cocaine or crack"), DAYS),
    Item("7d", _("Days with other stimulants"), DAYS),
    Item("7e", _("Days with opioids"), DAYS),
    Item("7f", _("Days with inhalants"), DAYS),
    Item("7g", _("Days with other drugs"), DAYS),
    Item("8", _("How much did cravings or urges bother you?"), HOW_MUCH),
    Item("9", _("How sure are you that you can do without alcohol and drugs in the coming week?"), HOW_MUCH),
    Item("10", _("On how many days did you go to a self-help meeting?"), DAYS),
    Item("11", _("On how many days were you in places or with people that made using more likely?"), DAYS),
    Item("12", _("How much does faith or spirituality help you in your recovery?"), HOW_MUCH),
    Item("13", _("On how many days did you work, study or volunteer for much of the day?"), DAYS),
    Item("14", _("Is your legal income enough for what you, and those you care for, need?"), ENOUGH),
    Item("15", _("How much did arguments or trouble with family or friends bother you?"), HOW_MUCH),
    Item("16", _("On how many days were you in touch with people who support your recovery?"), DAYS),
    Item("17", _("How content are you with where you are in your recovery?"), HOW_MUCH),
)
BY_NAME = {item.name: item for item in ITEMS}
SUMS = (
    (_("Use"), ("4", "5", "6")),
    (_("Risk"), ("1", "2", "3", "8", "11", "15")),
    (_("Protective"), ("9", "10", "12", "13", "14", "16")),
)  # question 17 belongs to none, and there is no total
HEAVY = {"3": 5, "8": 3}  # days, step


class Week(dict[str, int]):
    """What one person answered, by the name of the question. What is missing was left open."""

    @classmethod
    def from_json(cls, text: str) -> Week:
        """Raises ValueError for what nobody can have answered."""
        return cls({name: int(value) for name, value in json.loads(text).items() if name in BY_NAME})

    def to_json(self) -> str:
        return json.dumps(self)

    def over(self, earlier: Week | None) -> Week:
        """These answers, and the earlier ones where these say nothing."""
        both = {**(earlier or {}), **self}
        return Week({name: value for name, value in both.items() if value != LEFT_OPEN})

    @property
    def is_heavy(self) -> bool:
        """Help lines stand beside it."""
        return any(self.get(name, 0) >= least for name, least in HEAVY.items())

    def words(self, name: str) -> str | None:
        return BY_NAME[name].words(self[name]) if name in self else None

    def sums(self) -> list[str]:
        """Each of the three in words, “not told” where one of its questions was left open."""
        return [self._sum(names) for _title, names in SUMS]

    def _sum(self, names: tuple[str, ...]) -> str:
        if any(name not in self for name in names):
            return str(_("not told"))
        points = sum(BY_NAME[name].step(self[name]) for name in names)
        return str(_("%(points)s of %(most)s")) % {"points": points, "most": 4 * len(names)}
