from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groups.forms.planning import FacilitatorField
from groups.forms.rule import DATE
from groups.models import Room, Session
from groups.models.moving import Move

TWO_YEARS = timedelta(days=2 * 366)
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
# What a place on the board says about itself, and the fields it fills.
ASKED = {"date": "day", "time": "at", "room": "room"}


class RoomField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Room) -> str:
        return gettext("%(room)s (%(places)d places)") % {"room": obj.name, "places": obj.capacity}


class MoveForm(forms.Form):
    """When and where one session is to be, and with whom."""

    client_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    day = forms.DateField(label=_("Day"), widget=DATE)
    at = forms.TimeField(label=_("Starts at"), widget=TIME)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=480)
    room = RoomField(Room.objects.none(), label=_("Room"))
    lead = FacilitatorField(label=_("Led by"))
    co_lead = FacilitatorField(label=_("Together with"), required=False, empty_label=_("Nobody"))

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, session: Session, asked: Mapping[str, str]
    ) -> None:
        now = Move.of(session)
        self.session, self.others = session, now.leads[2:]  # more than two came by handing over; they stay
        people = [person.pk for person in now.leads]
        initial: dict[str, Any] = {
            "seen": session.mark,
            "day": now.day,
            "at": now.at,
            "minutes": now.minutes,
            "room": now.room.pk,
            "lead": people[0] if people else None,
            "co_lead": people[1] if len(people) > 1 else None,
        }
        super().__init__(data, initial=initial)
        room, lead = self.fields["room"], self.fields["lead"]
        assert isinstance(room, forms.ModelChoiceField)  # noqa: S101  # for the type checker
        room.queryset = Room.objects.filter(Q(closed_at=None) | Q(pk=now.room.pk))
        lead.required = bool(people)
        for name, field in ASKED.items():
            with suppress(ValidationError):
                if asked.get(name):
                    self.initial[field] = self.fields[field].clean(asked[name])

    def clean_day(self) -> date:
        day, today = self.cleaned_data["day"], timezone.localdate()
        if not today <= day <= today + TWO_YEARS:
            raise ValidationError(_("Choose a day from today on, within two years."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        co_lead = cleaned.get("co_lead")
        if co_lead and co_lead == cleaned.get("lead"):
            self.add_error("co_lead", _("Choose somebody else, or nobody."))
        if co_lead and not cleaned.get("lead") and "lead" not in self.errors:
            self.add_error("lead", _("Choose who leads it first."))
        return cleaned

    def move(self) -> Move:
        """As it was typed. Only for a valid form."""
        typed = self.cleaned_data
        chosen = [person for name in ("lead", "co_lead") if (person := typed[name])]
        others = [person for person in self.others if person not in chosen]
        return Move(typed["day"], typed["at"], typed["minutes"], typed["room"], (*chosen, *others))

    @property
    def is_complete(self) -> bool:
        """Whether enough is typed to say what would become of it."""
        return self.is_bound and not any(name in self.errors for name in self.fields)

    def renew(self, typed: QueryDict) -> None:
        """What was typed goes for the session as it is by now, and is a move of its own."""
        self.data = typed.copy()
        self.data["seen"], self.data["client_token"] = self.session.mark, str(uuid.uuid4())
