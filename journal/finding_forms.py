from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journal.finding import Words

DAY = {"type": "date", "autocomplete": "off"}
UNREADABLE_DAY = _("This day could not be read. Write it like 2026-11-24.")
NO_WORD = _("Write a word to look for.")


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"invalid": UNREADABLE_DAY},
    )


class LastShownField(forms.Field):
    """The page that "Show more" goes on from. One that cannot be read is none: it begins again."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> UUID | None:
        try:
            return UUID(str(value))
        except ValueError:
            return None


class FindForm(forms.Form):
    """What somebody looks for in their own pages."""

    q = forms.CharField(
        label=_("Words to look for"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "spellcheck": "false", "dir": "auto"}
        ),
        error_messages={"max_length": _("Use fewer words: up to 200 characters.")},
    )
    since = day_field(_("From this day"))
    until = day_field(_("Up to this day"))
    shared = forms.BooleanField(label=_("Only pages that I share now"), required=False)
    answered = forms.BooleanField(label=_("Only pages with an answer"), required=False)
    resting = forms.BooleanField(
        label=_("Also those that I do not want brought back"),
        required=False,
    )
    after = LastShownField(required=False)

    use_required_attribute = False

    def clean_q(self) -> str:
        """Where it folds to no word at all, every page would hold it."""
        words: str = self.cleaned_data["q"]
        if words and not Words(words):
            raise ValidationError(NO_WORD, "required")
        return words

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        narrowing = any(found.get(name) for name in ("q", "since", "until", "shared", "answered"))
        if not narrowing and not self.errors:
            raise ValidationError({"q": ValidationError(NO_WORD, "required")})
        if found.get("since") and found.get("until") and found["since"] > found["until"]:
            self.add_error("until", _("This day is before the first one."))
        return found

    @property
    def is_narrowed(self) -> bool:
        """Whether more than the words was asked: the choices stand open then."""
        return any(self[name].value() for name in self.fields if name not in ("q", "after")) or bool(
            set(self.errors) - {"q"}
        )

    def carried(self) -> list[tuple[str, str]]:
        """What "Show more" sends again: by POST, since no word may stand in an address."""
        sent = ((name, self[name].value()) for name in self.fields if name != "after")
        return [(name, "on" if value is True else str(value)) for name, value in sent if value]
