from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.forms import clean_name
from accounts.models import User
from journal.models import EARLIEST, TEXT_LENGTH, TITLE_LENGTH, Page

NUL_TAKEN_OUT = _("A character in here could not be kept. It is out now. Please keep the page once more.")
QUIET = {"autocomplete": "off", "dir": "auto"}


class WordsField(forms.CharField):
    """Words as they were typed. No `maxlength`: a browser would cut a pasted text without a word."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.validators = []
        self.longest = longest

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data.replace("\0", "") if isinstance(data, str) else data

    def to_python(self, value: Any) -> str:
        return str(normalize_newlines(super().to_python(value) or ""))

    def validate(self, value: str) -> None:
        super().validate(value.strip())
        if "\0" in value:
            raise ValidationError(NUL_TAKEN_OUT, code="nul")
        if len(value) > self.longest:
            raise ValidationError(self.too_long(len(value)), code="too_long")

    def too_long(self, length: int) -> str:
        excess = length - self.longest
        return ngettext(
            "This is %(excess)s character too long. Up to %(longest)s fit here; nothing was cut off.",
            "This is %(excess)s characters too long. Up to %(longest)s fit here; nothing was cut off.",
            excess,
        ) % {"excess": f"{excess:,}", "longest": f"{self.longest:,}"}


class TokenField(forms.Field):
    """One form, one entry. A broken token is replaced: nobody's words should hang on it."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> UUID:
        try:
            return UUID(str(value))
        except ValueError:
            return uuid4()

    def bound_data(self, data: Any, initial: Any) -> UUID:
        return self.to_python(data)


class RevisionField(forms.IntegerField):
    """The revision that the words in the form came from; one that cannot be read agrees with none."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> int:
        try:
            revision = super().to_python(value) or 0
        except ValidationError:
            return 0
        return revision if 0 < revision < 2**31 - 1 else 0


class About(NamedTuple):
    """Who writes, when, and what the page asks them."""

    writer: User
    now: datetime
    question: str = ""


class PageForm(forms.Form):
    written_on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the day that this page is about."),
            "invalid": _("This day could not be read. Write it like 2026-11-24."),
        },
    )
    title = WordsField(
        label=_("Title, if you like"),
        longest=TITLE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs=QUIET),
    )
    text = WordsField(
        label=_("Your page"),
        longest=TEXT_LENGTH,
        error_messages={"required": _("Write a few words first. They can be very few.")},
        widget=forms.Textarea(attrs={**QUIET, "class": "sheet"}),
    )
    client_token = TokenField(required=False, initial=uuid4)
    seen = RevisionField(required=False)  # of the draft that stands in this form

    def __init__(self, *args: Any, about: About, **options: Any) -> None:
        super().__init__(*args, **options)
        self.latest = about.now.astimezone(about.writer.zone).date()
        self.fields["written_on"].initial = about.writer.local_day(about.now)
        if about.question:
            self.fields["text"].label = about.question

    def clean_written_on(self) -> Any:
        day = self.cleaned_data["written_on"]
        if day > self.latest:
            raise ValidationError(
                _("That day has not come yet. Choose today or an earlier day."), code="future"
            )
        if day < EARLIEST:
            raise ValidationError(_("Choose a day in 1900 or later."), "too_early")
        return day

    def clean_title(self) -> str:
        return clean_name(self.cleaned_data["title"])

    def day(self) -> date | None:
        """The day in the form, None when it cannot be read."""
        try:
            return self.fields["written_on"].to_python(self["written_on"].value())
        except ValidationError:
            return None

    def words(self, prompt: str) -> dict[str, Any]:
        """What `Entry.objects.write` and `entry.edit` take from a valid form."""
        data = self.cleaned_data
        draft = {"client_token": data["client_token"], "seen": data["seen"]}
        return {"page": Page(data["title"], data["text"], prompt), "on": data["written_on"]} | draft


class NewPageForm(PageForm):
    prompt = forms.CharField(required=False, widget=forms.HiddenInput)


class EditPageForm(PageForm):
    revision = RevisionField(required=False)

    def words(self, prompt: str) -> dict[str, Any]:
        return super().words(prompt) | {"revision": self.cleaned_data["revision"]}
