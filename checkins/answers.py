from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace

from django.db import models
from django.utils.translation import gettext_lazy as _

STEPS = range(6)  # closeness, urge, sleep: 0 to 5
STRONG_URGE = 4  # from here on help lines stand beside; for the program to confirm


class Mood(models.IntegerChoices):
    VERY_HARD = 1, _("Very hard")
    HARD = 2, _("Hard")
    MIXED = 3, _("Mixed")
    GOOD = 4, _("Good")
    VERY_GOOD = 5, _("Very good")


class Need(models.TextChoices):
    TALK = "talk", _("Someone to talk to")
    QUIET = "quiet", _("Quiet")
    GROUNDING = "grounding", _("Grounding")
    INFORMATION = "information", _("Information")
    NOTHING = "nothing", _("Nothing just now")


@dataclass(frozen=True)
class Answers:
    """What one person said on one day. None is a question left open; an empty note is one taken away."""

    mood: int | None = None
    need: str | None = None
    closeness: int | None = None
    urge: int | None = None
    sleep: int | None = None
    note: str | None = None

    @classmethod
    def from_json(cls, text: str) -> Answers:
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text).items() if name in known})

    def to_json(self) -> str:
        return json.dumps(self.given())

    def given(self) -> dict[str, int | str]:
        return {name: value for name, value in asdict(self).items() if value is not None}

    def over(self, earlier: Answers | None) -> Answers:
        """These answers, and the earlier ones where these say nothing."""
        return replace(earlier, **self.given()) if earlier else self  # type: ignore[arg-type]

    @property
    def says_something(self) -> bool:
        return any(value != "" for value in self.given().values())

    @property
    def asks_for_someone(self) -> bool:
        return self.need == Need.TALK

    @property
    def is_heavy(self) -> bool:
        """Help lines stand beside it."""
        return self.mood == Mood.VERY_HARD or (self.urge or 0) >= STRONG_URGE

    @property
    def mood_words(self) -> str:
        return str(Mood(self.mood).label) if self.mood else ""

    @property
    def need_words(self) -> str:
        return str(Need(self.need).label) if self.need else ""

    @property
    def other_words(self) -> list[str]:
        """Everything but mood and note, in words."""
        steps = (
            (_("close to others %(step)s of 5"), self.closeness),
            (_("urge %(step)s of 5"), self.urge),
            (_("sleep %(step)s of 5"), self.sleep),
        )
        said = [str(words) % {"step": step} for words, step in steps if step is not None]
        return ([self.need_words] if self.need else []) + said
