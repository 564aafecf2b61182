"""What editors say and choose about a text that stands: a word, a day, an address."""

import re
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from faq import moments
from faq.forms import TOO_LONG, TypedField

MOST_DAYS_AHEAD = 2 * 366  # of a publication
MOST_DAYS_PUBLIC = 10 * 366  # ahead, for a last day and for a day to look again
CHECKED_EVERY = timedelta(days=365)
LONGEST_WORD = 2_000  # characters
ADDRESS = re.compile(r"(?:https?://[^/\s]+)?/?(articles|questions)/([-a-zA-Z0-9_]{1,80})/?")


class SeenField(forms.IntegerField):
    """Which version was on the screen. What is no number is no version, so that nothing is done by it."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def clean(self, value: Any) -> int:
        try:
            number = super().clean(value)
        except ValidationError:
            return -1
        return -1 if number is None else number


def day_field(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Write a day like 2026-11-24.")},
    )


class WordForm(forms.Form):
    """What is said to the others of the desk. `heard` is the newest word that was on the screen."""

    text = TypedField(
        label=_("A word to the others at the desk"),
        required=False,
        max_length=LONGEST_WORD,
        error_messages={"max_length": TOO_LONG},
        help_text=_("Only editors and managers read it. Who gives a text back says what it still needs."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = SeenField()
    heard = SeenField()

    def __init__(self, data: Any = None, *, needed: Any = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.needed = needed

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].strip()
        if self.needed and not text:
            raise ValidationError(self.needed)
        return text

    def over(self, seen: int, heard: int) -> Self:
        """The same typed words, beside what stands now."""
        typed = QueryDict(mutable=True)
        typed.update({"text": self.data.get("text", ""), "seen": str(seen), "heard": str(heard)})
        self.data = typed
        return self


class Window(NamedTuple):
    """When a text is to be public: from the moment the button is pressed where `at` is None."""

    at: datetime | None
    until: datetime | None
    last_day: date | None
    is_skipped: bool
    comes_twice: bool


class ScheduleForm(forms.Form):
    NOW, LATER = "now", "later"

    when = forms.ChoiceField(
        label=_("When"),
        choices=[(NOW, _("Now")), (LATER, _("On a day and at a time that I choose"))],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the two.")},
    )
    day = day_field(_("Day"))
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write the time like 19:00.")},
    )
    last_day = day_field(
        _("Last day, if it has one"),
        hint=_("After this day readers do not find it any more. Leave it empty and it stays."),
    )
    seen = SeenField()

    def __init__(self, data: Any = None, *, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.now = now

    def clean_when(self) -> str:
        """Whoever has given a day or a time means it, also without a tap on the choice above."""
        means_later = self.data.get("day") or self.data.get("time")
        return self.cleaned_data["when"] or (self.LATER if means_later else "")

    def clean(self) -> dict[str, Any]:
        later = self.cleaned_data.get("when") == self.LATER
        if later and not self.errors:
            self._check_start()
        if not self.errors and (last := self.cleaned_data.get("last_day")):
            first = self.cleaned_data["day"] if later else timezone.localdate(self.now)
            check_last_day(self, "last_day", first, last, self.now)
        return self.cleaned_data

    def _check_start(self) -> None:
        day, at = self.cleaned_data.get("day"), self.cleaned_data.get("time")
        if not day:
            self.add_error("day", _("Choose a day."))
        elif not 0 <= (day - timezone.localdate(self.now)).days <= MOST_DAYS_AHEAD:
            self.add_error("day", _("Choose a day from today on, within two years."))
        if at is None:
            self.add_error("time", _("Choose a time."))
        elif day and not self.errors and moments.moment(day, at) <= self.now:
            self.add_error("time", _("This moment has passed. Choose a later one, or “Now”."))

    @property
    def window(self) -> Window:
        given = self.cleaned_data
        last = given.get("last_day")
        until = moments.end_of(last) if last else None
        if given.get("when") != self.LATER:
            return Window(None, until, last, is_skipped=False, comes_twice=False)
        day, at = given["day"], given["time"]
        skipped, twice = moments.is_skipped(day, at), moments.comes_twice(day, at)
        return Window(moments.moment(day, at), until, last, skipped, twice)


def check_last_day(form: forms.Form, name: str, first: date, last: date, now: datetime) -> None:
    if last < first:
        form.add_error(name, _("Choose a last day that is not before the first."))
    elif (last - timezone.localdate(now)).days > MOST_DAYS_PUBLIC:
        form.add_error(name, _("Choose a day within ten years, or leave it empty."))


class LastDayForm(forms.Form):
    last_day = day_field(
        _("Last day"),
        hint=_("After this day readers do not find it any more. Leave it empty and it stays."),
    )

    def __init__(self, data: Any = None, *, first: date, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.first, self.now = first, now

    def clean(self) -> dict[str, Any]:
        if last := self.cleaned_data.get("last_day"):
            check_last_day(self, "last_day", self.first, last, self.now)
        return self.cleaned_data

    @property
    def until(self) -> datetime | None:
        last = self.cleaned_data.get("last_day")
        return moments.end_of(last) if last else None


class AgainForm(forms.Form):
    """By when a text that is still right is looked at again."""

    again_by = day_field(_("Look at it again by"), required=True)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"again_by": today + CHECKED_EVERY})
        self.today = today

    def clean_again_by(self) -> date:
        day: date = self.cleaned_data["again_by"]
        if not 0 < (day - self.today).days <= MOST_DAYS_PUBLIC:
            raise ValidationError(_("Choose a day after today, within ten years."))
        return day


class Place(NamedTuple):
    shelf: str
    slug: str


class AddressForm(forms.Form):
    """An address of a text, as it stands in a browser or in a letter."""

    address = TypedField(
        label=_("Address"),
        max_length=500,
        error_messages={
            "max_length": TOO_LONG,
            "required": _("Write an address like /articles/being-heard/."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )

    def clean_address(self) -> Place:
        found = ADDRESS.fullmatch(self.cleaned_data["address"].strip())
        if not found:
            raise ValidationError(_("Write an address like /articles/being-heard/."))
        return Place(*found.groups())
