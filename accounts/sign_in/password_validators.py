import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS_OF_THE_HOUSE = ("recovery", "program", "sober", "password")


class ContextWordsValidator:
    """Refuses a password that is made of words everybody here knows: the house's name, the person's own.

    Such a word may stand in a password; what is left without them must be long enough by itself.
    """

    LEFT_AT_LEAST = 8

    def validate(self, password: str, user: Any = None) -> None:
        left = password.lower()
        for word in sorted(known_words(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(re.sub(r"[\W_\d]", "", left)) < self.LEFT_AT_LEAST and left != password.lower():
            raise ValidationError(
                _("This is easy to guess here: most of it is a name that people know. Add other words."),
                code="password_of_known_words",
            )

    def get_help_text(self) -> str:
        return _("Do not build it from your own name or from the name of this place.")


def known_words(user: Any) -> set[str]:
    names = [settings.SITE_NAME, *WORDS_OF_THE_HOUSE]
    if user is not None:
        names += [user.username, user.chosen_name, user.email.partition("@")[0]]
    return {word for name in names for word in re.findall(r"[^\W_]{3,}", name.lower())}
