from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checkins.answers import STEPS, Answers, Mood, Need
from checkins.models import ReminderPlan
from checkins.rhythm import FOLLOW_UPS, ProgramDefault
from notifications import ways
from notifications.models import Preference, is_within, quiet_hours

NOTE_LIMIT = 5_000  # characters
LONGEST_PAUSE = timedelta(days=366)
CHOOSE_ONE = {"invalid_choice": gettext_lazy("Choose one of these.")}


class NoteField(forms.CharField):
    """Counts a line break as one character, as the browser does."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


def scale(label: Any, hint: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        choices=[(step, step) for step in STEPS],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "choice scale"}),
        error_messages=CHOOSE_ONE,
    )


class CheckInForm(forms.Form):
    mood = forms.TypedChoiceField(
        label=gettext_lazy("How are you"),
        choices=Mood.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "faces"}),
        error_messages=CHOOSE_ONE,
    )
    need = forms.ChoiceField(
        label=gettext_lazy("What do you need right now?"),
        choices=Need.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )
    closeness = scale(gettext_lazy("Close to others"), gettext_lazy("0 alone, 5 close"))
    urge = scale(gettext_lazy("Urge to use"), gettext_lazy("0 none, 5 very strong"))
    sleep = scale(gettext_lazy("Sleep"), gettext_lazy("0 bad, 5 good"))
    note = NoteField(
        label=gettext_lazy("A note"),
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={
            "max_length": gettext_lazy("This is over %(limit_value)d characters. Please make it shorter."),
            "null_characters_not_allowed": gettext_lazy("It holds a hidden character. Please type it again."),
        },
    )
    day = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = self.initial["day"] = today

    def clean_day(self) -> str:
        """Yesterday's answers become today's only where they are sent a second time (K1)."""
        today = str(self.today)
        if self.cleaned_data["day"] in ("", today):
            return today
        self.data = {**self.data, "day": today}
        raise ValidationError(
            _(
                "A new day has begun since you opened this page. Nothing is sent yet, and what you chose "
                "and wrote is still here. Send it if it is for today, %(day)s."
            ),
            params={"day": date_format(self.today, "l, j F")},
        )

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.answers.says_something:
            raise ValidationError(_("Choose a face, or answer any one question. Or tap “Not today”."))
        return self.cleaned_data

    @property
    def answers(self) -> Answers:
        """A question that was not on the sent form, or left open, is None."""
        sent = self.cleaned_data.items()
        given = {name: value for name, value in sent if name in self.data and name != "day"}
        return Answers(**given | {"need": given.get("need") or None})

    @property
    def says_more(self) -> bool:
        """Whether the part "Say more" has to stand open."""
        return any(self[name].errors or self[name].value() not in (None, "") for name in MORE)


MORE = ("closeness", "urge", "sleep", "note")


FOLLOW_UP_CHOICES = [
    ("", gettext_lazy("No")),
    *zip(
        FOLLOW_UPS,
        (
            gettext_lazy("One hour later"),
            gettext_lazy("Two hours later"),
            gettext_lazy("Three hours later"),
        ),
        strict=True,
    ),
]


class ReminderPlanForm(forms.Form):
    is_on = forms.BooleanField(label=gettext_lazy("Remind me"), required=False)
    at = forms.TimeField(
        label=gettext_lazy("At"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": gettext_lazy("Choose a time."),
            "invalid": gettext_lazy("Write the time like 19:00."),
        },
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On these days"),
        choices=WEEKDAYS.items(),
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choice"}),
        error_messages=CHOOSE_ONE | {"required": gettext_lazy("Choose at least one day.")},
    )
    follow_up_after = forms.TypedChoiceField(
        label=gettext_lazy("Ask once more"),
        help_text=gettext_lazy("Only on days without a check-in."),
        choices=FOLLOW_UP_CHOICES,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "choice"}),
        error_messages=CHOOSE_ONE,
    )
    paused_until = forms.DateField(
        label=gettext_lazy("Pause until"),
        required=False,
        help_text=gettext_lazy("The first day on which you would like to hear from us again."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the day like 2026-11-30.")},
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How we tell you"),
        help_text=gettext_lazy("This holds for all messages, not only for reminders."),
        widget=forms.RadioSelect(attrs={"class": "choice"}),
        error_messages=CHOOSE_ONE,
    )

    def __init__(self, data: Any = None, *, plan: ReminderPlan, today: date) -> None:
        reach = Preference.objects.filter(person=plan.client).first()
        super().__init__(
            data,
            initial={
                "is_on": plan.is_on,
                "at": plan.at,
                "weekdays": [day for day in WEEKDAYS if plan.weekdays >> day & 1],
                "follow_up_after": plan.follow_up_after,
                "paused_until": plan.paused_until
                if plan.paused_until and plan.paused_until > today
                else None,
                "channel": reach.channel if reach else ProgramDefault.CHANNEL,
            },
        )
        self.quiet, self.today = quiet_hours(reach), today
        choices = ways.to(plan.client)
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]  # typed as any field
        if len(choices) == 1:
            del self.fields["channel"]

    def clean_at(self) -> time:
        at: time = self.cleaned_data["at"]
        if is_within(at, *self.quiet):
            hours = {"from": time_format(self.quiet[0]), "until": time_format(self.quiet[1])}
            raise ValidationError(
                _("From %(from)s to %(until)s we keep quiet. Please choose a time outside of that.") % hours
            )
        return at

    def clean(self) -> dict[str, Any]:
        """A follow-up in quiet hours, or past midnight, would never come (K4)."""
        at, minutes = self.cleaned_data.get("at"), self.cleaned_data.get("follow_up_after")
        if at and minutes:
            moment = datetime.combine(self.today, at) + timedelta(minutes=minutes)
            if moment.date() != self.today or is_within(moment.time(), *self.quiet):
                words = _("That would be at %(time)s, when we do not write. Choose less, or an earlier time.")
                self.add_error("follow_up_after", words % {"time": time_format(moment.time())})
        return self.cleaned_data

    def clean_paused_until(self) -> date | None:
        until: date | None = self.cleaned_data["paused_until"]
        if until and not self.today < until <= self.today + LONGEST_PAUSE:
            raise ValidationError(_("Choose a day from tomorrow on, within a year."))
        return until

    @property
    def choices(self) -> dict[str, Any]:
        """What the form says about the plan, as its fields."""
        data = self.cleaned_data
        return {
            "is_on": data["is_on"],
            "at": data["at"],
            "weekdays": sum(1 << day for day in data["weekdays"]),
            "follow_up_after": data["follow_up_after"],
            "paused_until": data["paused_until"],
        }
