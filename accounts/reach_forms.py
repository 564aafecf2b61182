from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications import push_service, ways
from notifications.models import Preference, quiet_hours

if TYPE_CHECKING:
    from accounts.models import User

OPEN_AT_LEAST = timedelta(hours=4)  # of a day; who wants less chooses the notices alone


def clock_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": gettext_lazy("Choose a time."),
            "invalid": gettext_lazy("Write the time like 21:00."),
        },
    )


class ReachForm(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("How we tell you"),
        widget=forms.RadioSelect(attrs={"class": "choice"}),
        error_messages={
            "required": gettext_lazy("Choose one of these."),
            "invalid_choice": gettext_lazy("Choose one of these."),
        },
    )
    quiet_from = clock_field(gettext_lazy("Quiet from"))
    quiet_until = clock_field(gettext_lazy("Quiet until"))
    tells_more = forms.BooleanField(
        label=gettext_lazy("Say in one sentence what it is about"),
        required=False,
        help_text=gettext_lazy("Below you see both e-mails as they look."),
    )

    def __init__(self, data: Any = None, *, person: User, reach: Preference | None) -> None:
        start, end = quiet_hours(reach)
        super().__init__(
            data,
            initial={
                "channel": reach.channel if reach else Preference.Channel.MAIL,
                "quiet_from": start,
                "quiet_until": end,
                "tells_more": bool(reach and reach.tells_more),
            },
        )
        self.person = person
        choices = ways.to(person)
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]  # typed as any field
        if self.initial["channel"] not in dict(choices):
            self.initial["channel"] = Preference.Channel.NOTICES  # what happens today, said as it is
        if not person.is_client or person.is_alum:
            del self.fields["tells_more"]  # only messages about the house have such a sentence

    def clean_quiet_from(self) -> time:
        return to_the_minute(self.cleaned_data["quiet_from"])

    def clean_quiet_until(self) -> time:
        return to_the_minute(self.cleaned_data["quiet_until"])

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("quiet_from"), self.cleaned_data.get("quiet_until")
        if start is None or end is None:
            return self.cleaned_data
        if timedelta(days=1) - length(start, end) < OPEN_AT_LEAST:
            self.add_error(
                "quiet_until",
                ValidationError(
                    _(
                        "This leaves less than %(hours)d hours of the day. "
                        "To hear from us here alone, choose “Here under Notices only”."
                    ),
                    params={"hours": OPEN_AT_LEAST // timedelta(hours=1)},
                ),
            )
        for words in ways.clashes(self.person, start, end):
            self.add_error("quiet_from", words)
        return self.cleaned_data


def to_the_minute(clock: time) -> time:
    return clock.replace(second=0, microsecond=0)


def length(start: time, end: time) -> timedelta:
    """From one time of the clock to the next; none where both are the same."""
    day = date(2000, 1, 1)
    return (datetime.combine(day, end) - datetime.combine(day, start)) % timedelta(days=1)


class PushForm(forms.Form):
    """What a browser hands over when it lets us write to it. Nobody types this."""

    endpoint = forms.CharField(max_length=500, widget=forms.HiddenInput)
    p256dh = forms.CharField(max_length=100, widget=forms.HiddenInput)
    auth = forms.CharField(max_length=40, widget=forms.HiddenInput)
    is_mine = forms.BooleanField(
        label=gettext_lazy("This device is mine, and nobody else uses it"),
        error_messages={"required": gettext_lazy("Tick this if the device is yours alone.")},
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        sound = (
            push_service.is_known(data.get("endpoint", ""))
            and push_service.is_browser_key(data.get("p256dh", ""))
            and push_service.is_browser_secret(data.get("auth", ""))
        )
        for name in ("endpoint", "p256dh", "auth"):
            self.errors.pop(name, None)  # said once, in words
        if not sound:
            raise ValidationError(
                _("This browser cannot get our messages. Choose another way, or try another browser.")
            )
        return data

    @property
    def keys(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("endpoint", "p256dh", "auth")}
