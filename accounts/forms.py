import unicodedata
import zoneinfo
from collections import defaultdict
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent, User
from accounts.record import Asked

JOINERS = "\u200c\u200d"
MARKS_AT_MOST = 8  # combining marks in one name


def clean_name(name: str) -> str:
    """One line, in NFC, without control characters and without those that reorder the text around them.

    The two joiners stay: emoji and several scripts need them.
    """
    spaced = " ".join(name.split())
    kept = (char for char in spaced if char in JOINERS or unicodedata.category(char) not in ("Cc", "Cf"))
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def clean_person_name(name: str) -> str:
    """A name that can be seen and read out. Raises ValidationError for any other (security design, 3.8)."""
    name = clean_name(name)
    if not any(char.isalnum() for char in name):
        raise ValidationError(_("Write the name you go by."))
    if sum(unicodedata.combining(char) > 0 for char in name) > MARKS_AT_MOST:
        raise ValidationError(_("There are too many marks over or under these letters."))
    return name


@cache
def zone_choices() -> list[Any]:
    """Time zones by region, the program's own zone and region first."""
    regions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(zoneinfo.available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region not in ("Etc", "SystemV", "US"):
            regions[region].append((name, place.replace("_", " ")))
    own = settings.TIME_ZONE.partition("/")[0]
    return [("", _("The program's own")), *sorted(regions.items(), key=lambda region: region[0] != own)]


class ZoneSelect(forms.Select):
    """All zones of the world in one list, written without a template for each of the several hundred."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        built = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        options = format_html_join(
            "", "{}", ((self.option(key, words, value),) for key, words in self.choices)
        )
        return format_html("<select{}>{}</select>", flatatt(built), options)

    def option(self, value: Any, label: Any, chosen: Any) -> SafeString:
        if isinstance(label, list):
            inner = format_html_join("", "{}", ((self.option(key, words, chosen),) for key, words in label))
            return format_html('<optgroup label="{}">{}</optgroup>', value, inner)
        selected = " selected" if value == (chosen or "") else ""
        return format_html('<option value="{}"{}>{}</option>', value, selected, label)


class ProfileForm(forms.ModelForm):
    """Staff read English, so only a client is asked for a language."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "choice"}),
        help_text=_("Of your pages, and of what we send you. What people write stays as they wrote it."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        required=False,
        widget=ZoneSelect,
        help_text=_("Your check-in day and your reminders follow it."),
    )

    class Meta:
        model = User
        fields = ["chosen_name", "pronouns", "language", "time_zone"]
        help_texts = {"chosen_name": _("What people here call you."), "pronouns": _("If you like.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields and not self.instance.is_client:
            del self.fields["language"]
        elif "language" in self.fields:
            self.initial["language"] = get_language()

    def clean_language(self) -> str:
        """As it is where an older page did not ask."""
        return self.cleaned_data["language"] or self.instance.language

    def clean_chosen_name(self) -> str:
        return clean_person_name(self.cleaned_data["chosen_name"])


def day_field(label: Any) -> forms.DateField:
    """A day that the product can have seen; one more can be added to it."""
    widget = forms.DateInput(attrs={"type": "date"})
    years = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2199, 12, 31))]
    return forms.DateField(label=label, required=False, widget=widget, validators=years)


class AuditForm(forms.Form):
    """What the page of administrative acts is narrowed to. A person comes from a link, as a bare id."""

    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    act = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("Everything")), *((act, capfirst(words)) for act, words in AuditEvent.Act.choices)],
    )
    first = day_field(_("From"))
    last = day_field(_("Until"))

    def asked(self) -> Asked:
        """What of it makes sense; the rest is told beside its field."""
        self.full_clean()
        return Asked(**{name: value for name, value in self.cleaned_data.items() if value})
