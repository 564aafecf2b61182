from __future__ import annotations

import uuid
import zoneinfo
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.audit import AuditEvent
from accounts.models.care_team import CareTeamMember, care_team, in_an_emergency
from accounts.models.departure import Departure
from accounts.models.resignation import Resignation
from accounts.models.user_queries import UserQuerySet
from accounts.roles import ALUMNI, EVERY_PERMISSION, PERMISSIONS, STAFF, Role
from accounts.who import MANAGERS, Own, Rule

if TYPE_CHECKING:
    from accounts.models.stay import Stay


def validate_zone(name: str) -> None:
    if name and name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list."), code="zone")


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, *, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.email = self.normalize_email(user.email)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """In small letters: so allauth looks an address up, and phones begin one with a capital."""
        return super().normalize_email(email).lower()

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(Departure, Resignation, AbstractBaseUser):
    """A person who can sign in. No PermissionsMixin: no superuser exists, roles.py decides."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(
        _("sign-in name"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("This name is taken. Please choose another one.")},
    )
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    chosen_name = models.CharField(_("the name you go by"), max_length=60)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True, validators=[validate_zone])
    # Empty as long as somebody has not chosen (accounts/language.py).
    language = models.CharField(_("language"), max_length=10, blank=True, choices=settings.LANGUAGES)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    away_since = models.DateField(
        null=True, blank=True, editable=False
    )  # a client whose last stay ended (A6)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)  # A8

    objects: ClassVar[UserManager] = UserManager()
    seen_by = Rule(Own("id"), care_team("id"), MANAGERS, beside=in_an_emergency("id"))

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["role", "chosen_name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="known_role"),
            models.UniqueConstraint(
                Lower("username"),
                name="username_once_in_any_case",
                violation_error_message=_("This name is taken. Please choose another one."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="email_once_in_any_case",
                violation_error_message=_("This address cannot be used here."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(is_active=False),
                name="erased_account_stays_closed",
            ),
        ]
        indexes = [
            # Lists of people go by name, and by key from page to page.
            models.Index(F("role"), Lower("chosen_name"), F("id"), name="people_by_name"),
            models.Index(Lower("chosen_name"), F("id"), name="everybody_by_name"),
        ]

    def __str__(self) -> str:
        return self.chosen_name

    def get_session_auth_hash(self) -> str:
        """Of the role and of leaving too: a change of these ends every session with its next request."""
        return f"{self._standing}:{super().get_session_auth_hash()}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return (f"{self._standing}:{old}" for old in super().get_session_auth_fallback_hash())

    @property
    def _standing(self) -> str:
        return f"{self.role}:{self.away_since or ''}"

    @property
    def is_client(self) -> bool:
        return self.role == Role.CLIENT

    @property
    def is_clinician(self) -> bool:
        return self.role == Role.CLINICIAN

    @property
    def is_editor(self) -> bool:
        return self.role == Role.EDITOR

    @property
    def is_manager(self) -> bool:
        return self.role == Role.MANAGER

    def lock(self) -> None:
        """Whoever changes this person's stay, care team or role at the same moment waits for this one."""
        User.objects.select_for_update(no_key=True).values_list("pk").get(pk=self.pk)

    def hold_to(self, permission: str) -> None:
        """Holds this person until the transaction ends. Raises PermissionDenied where the permission went
        since the request began: somebody may have discharged them meanwhile (A6)."""
        held = User.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
        if held is None or not held.has_perm(permission):
            raise PermissionDenied

    def is_clinician_under_lock(self) -> bool:
        """Whether it is so in the database, and stays so until this transaction ends."""
        held = User.objects.select_for_update(no_key=True).active().clinicians().filter(pk=self.pk)
        return bool(held.values_list("pk"))

    @transaction.atomic
    def admit(self, *, on: date, bed: str = "", by: User, now: datetime) -> Stay:
        """Begins a stay, and whoever was away is so no longer (A6). Twice for one day is one stay.

        Raises ValidationError as `Stay.keep` does.
        """
        from accounts.models.stay import Stay
        from accounts.sign_in import devices

        self.lock()
        if begun := self.stays.filter(discharged_on=None, admitted_on=on, bed=bed).first():
            return begun
        stay = Stay(client=self, admitted_on=on, bed=bed)
        stay.keep(now=now)
        if User.objects.filter(pk=self.pk, away_since__isnull=False).update(away_since=None):
            devices.end_all(self)
        self.away_since = None
        AuditEvent.objects.record(AuditEvent.Act.ADMITTED, by=by, about=self, now=now)
        return stay

    @transaction.atomic
    def change_role(self, role: str, *, by: User, now: datetime) -> None:
        """From one role of the staff to another. Raises ValidationError for anything else, and for the
        last manager (A9): of two managers who step down at once, one does."""
        from accounts.sign_in import devices

        managers = User.objects.lock_managers()
        self.lock()
        self.refresh_from_db(fields=["role", "is_active"])
        if by.pk not in managers:
            raise ValidationError(_("Only a manager changes a role."))
        if self.role not in STAFF or role not in STAFF or not self.is_active:
            raise ValidationError(_("Nobody becomes a client, and no client becomes staff."))
        if managers == {self.pk} and role != Role.MANAGER:
            raise ValidationError(_("This is the last manager. Make somebody else a manager first."))
        if role == self.role:
            return
        User.objects.filter(pk=self.pk).update(role=role)
        self.role = role
        devices.end_all(self)
        AuditEvent.objects.record(AuditEvent.Act.ROLE, by=by, about=self, detail=role, now=now)

    def has_perm(self, permission: str, obj: object = None) -> bool:
        """Whether the role may do this. Raises ValueError for a permission that no role has."""
        if permission not in EVERY_PERMISSION:
            raise ValueError(f"No role has {permission}.")
        return self.is_active and permission in self.permissions

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and any(name.startswith(f"{app_label}.") for name in self.permissions)

    @property
    def permissions(self) -> frozenset[str]:
        return ALUMNI if self.is_alum else PERMISSIONS[self.role]

    @property
    def is_alum(self) -> bool:
        """A client whose stay has ended: may read, export and delete, and nothing else (A6)."""
        return self.is_client and self.away_since is not None

    @property
    def audience(self) -> str:
        """For whom a page or a way is made: the role, or "alum" for whoever has left."""
        return "alum" if self.is_alum else self.role

    @property
    def speaks(self) -> str:
        """The language of what reaches this person. Staff read English."""
        return self.language if self.is_client and self.language else settings.LANGUAGE_CODE

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The person's own, or the program's: also for a name that the time zone data has dropped since."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone or settings.TIME_ZONE)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return zoneinfo.ZoneInfo(settings.TIME_ZONE)

    def local_day(self, now: datetime) -> date:
        """The day it is for this person; a day ends in the small hours, not at midnight (K1)."""
        return (now.astimezone(self.zone) - timedelta(hours=settings.DAY_ENDS_AT_HOUR)).date()

    def day_end(self, now: datetime) -> datetime:
        """When the day that `local_day` names is over."""
        end = time(settings.DAY_ENDS_AT_HOUR)
        return datetime.combine(self.local_day(now) + timedelta(days=1), end, tzinfo=self.zone)

    def care_team(self) -> UserQuerySet:
        return User.objects.on_care_team_of(self)

    @property
    def primary_clinician(self) -> User | None:
        rows = CareTeamMember.objects.standing().filter(client=self, is_primary=True)
        return next((row.clinician for row in rows.select_related("clinician")), None)

    def current_stay(self, on: date) -> Stay | None:
        return self.stays.current(on).first()
