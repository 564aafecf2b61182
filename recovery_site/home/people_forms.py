"""What a manager and a clinician write on the pages of people."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import CareTeamMember, Stay, User
from accounts.models.user_queries import UserQuerySet
from accounts.roles import STAFF, Role
from recovery_site.actions import readmit
from recovery_site.actions.role import change_role
from recovery_site.home.people_list import Show

NO_CLINICIAN = _("Choose somebody from the list.")


class FindForm(forms.Form):
    """Words to find people by, which part of them, and the person whom the page goes on from."""

    q = forms.CharField(required=False, max_length=80)
    show = forms.ChoiceField(required=False, choices=Show)
    after = forms.UUIDField(required=False)

    def asked(self) -> dict[str, Any]:
        """What of it makes sense; a made-up filter is no filter."""
        self.is_valid()
        given = self.cleaned_data
        return {"words": given.get("q", ""), "show": given.get("show", ""), "after": given.get("after")}


class StayForm(forms.Form):
    admitted_on = forms.DateField(
        label=_("Day of arrival"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    bed = forms.CharField(
        label=_("Bed"),
        required=False,
        max_length=40,
        help_text=_("As the house calls it, such as Elm 2. It can be filled in later."),
    )

    holder: User | None = None  # of the bed, where somebody has it

    def refuse(self, error: ValidationError, *, by: User, now: datetime) -> None:
        """Says what cannot be. The page leads to whoever has the bed."""
        self.add_error(None, error)
        if "bed" in self.errors:
            given = self.data.get("bed", "")
            found = Stay.objects.visible_to(by).in_bed(given, timezone.localdate(now))
            self.holder = found.client if found else None

    def kept(self, stay: Stay, *, by: User, now: datetime) -> bool:
        if not self.is_valid():
            return False
        try:
            stay.change(on=self.cleaned_data["admitted_on"], bed=self.cleaned_data["bed"], by=by, now=now)
        except ValidationError as error:
            self.refuse(error, by=by, now=now)
        return not self.errors


class AdmissionForm(StayForm):
    """A stay and the people who care for the client in it, begun together."""

    primary: Any = forms.ModelChoiceField(
        label=_("Primary clinician"),
        queryset=None,
        empty_label=_("Choose"),
        help_text=_("The one who is told when check-ins are missed."),
        error_messages={"invalid_choice": NO_CLINICIAN},
    )
    others: Any = forms.ModelMultipleChoiceField(
        label=_("Also on the care team"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": NO_CLINICIAN, "invalid_pk_value": NO_CLINICIAN},
    )

    def __init__(self, data: Any, *, by: User, today: date) -> None:
        super().__init__(data, initial={"admitted_on": today})
        self.by = by
        for name in ("primary", "others"):
            self.fields[name].queryset = clinicians(by)  # type: ignore[attr-defined]

    def admitted(self, client: User, *, now: datetime) -> bool:
        """Whether the stay has begun. All of it, or nothing."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        team = [given["primary"], *(each for each in given["others"] if each != given["primary"])]
        try:
            with transaction.atomic():
                readmit(client=client, on=given["admitted_on"], bed=given["bed"], by=self.by, now=now)
                for clinician in team:
                    CareTeamMember.objects.appoint(client=client, clinician=clinician, by=self.by, now=now)
        except ValidationError as error:
            self.refuse(error, by=self.by, now=now)
        return not self.errors


class AppointForm(forms.Form):
    clinician: Any = forms.ModelChoiceField(
        label=_("Clinician"),
        queryset=None,
        empty_label=_("Choose"),
        error_messages={"invalid_choice": NO_CLINICIAN},
    )
    is_primary = forms.BooleanField(label=_("As the primary clinician"), required=False)

    def __init__(self, data: Any, *, client: User, by: User) -> None:
        super().__init__(data)
        self.client, self.by = client, by
        members = CareTeamMember.objects.visible_to(by).standing().filter(client=client)
        free = clinicians(by).exclude(pk__in=members.values("clinician"))
        self.fields["clinician"].queryset = free  # type: ignore[attr-defined]

    def kept(self, *, now: datetime) -> bool:
        if not self.is_valid():
            return False
        try:
            CareTeamMember.objects.appoint(client=self.client, by=self.by, now=now, **self.cleaned_data)
        except ValidationError as error:
            self.add_error(None, error)
        return not self.errors


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("New role"),
        choices=[(role.value, role.label) for role in Role if role in STAFF],
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(
        label=_("I have read what the new role may see"),
        error_messages={"required": _("Tick this, so that no role changes by a slip.")},
    )

    def __init__(self, data: Any, *, person: User) -> None:
        """Offers the other roles, none of them chosen. The same role, sent once more, changes nothing."""
        super().__init__(data)
        field: Any = self.fields["role"]
        field.widget.choices = [choice for choice in field.choices if choice[0] != person.role]

    def kept(self, person: User, *, by: User, now: datetime) -> bool:
        if not self.is_valid():
            return False
        try:
            change_role(person=person, role=self.cleaned_data["role"], by=by, now=now)
        except ValidationError as error:
            self.add_error("role", error)
        return not self.errors


def clinicians(manager: User) -> UserQuerySet:
    return User.objects.visible_to(manager).clinicians().active().order_by("chosen_name", "pk")
