from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

DIALLED = re.compile(r"[^\d+]")
a_number = RegexValidator(
    r"^\+?[ \-()]*\d[\d \-()]*\Z", _("Use digits, spaces and hyphens, such as 1-800-662-4357.")
)


class LastHelpLine(ValidationError):
    """Somebody in need must find at least one line (H1)."""

    def __init__(self) -> None:
        super().__init__(_("At least one line must stay on. Turn another one on first."), code="last")


class HelpLineQuerySet(models.QuerySet["HelpLine"]):
    def active(self) -> HelpLineQuerySet:
        return self.filter(active=True)


class HelpLine(models.Model):
    """Somebody outside the house who answers a call, a text or a chat."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    country = models.CharField(
        _("country"), max_length=2, default="US", help_text=_("Two letters, such as US.")
    )
    name = models.CharField(_("name"), max_length=80)
    number = models.CharField(_("number to call"), max_length=30, blank=True, validators=[a_number])
    sms = models.CharField(_("number to text"), max_length=30, blank=True, validators=[a_number])
    sms_word = models.CharField(
        _("word to text"),
        max_length=20,
        blank=True,
        help_text=_("What the first text should say, if it matters."),
    )
    chat = models.URLField(_("address of the chat"), blank=True)
    hours = models.CharField(_("hours"), max_length=60)
    language = models.CharField(_("languages"), max_length=80, default="English")
    note = models.CharField(_("what it is for"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(
        _("place in the list"), default=10, validators=[MaxValueValidator(999)]
    )
    active = models.BooleanField(_("shown on the help page"), default=True)
    reviewed_on = models.DateField(_("checked on"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = HelpLineQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "name"],
                name="one_help_line_of_a_name",
                violation_error_message=_("There is a line of this name already."),
            ),
            models.CheckConstraint(
                condition=~Q(number="", sms="", chat=""),
                name="help_line_can_be_reached",
                violation_error_message=_(
                    "Give a number to call, a number to text, or the address of a chat."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tel_link(self) -> str:
        return f"tel:{DIALLED.sub('', self.number)}"

    @property
    def sms_link(self) -> str:
        """RFC 5724, with the first word filled in where one is needed."""
        return f"sms:{DIALLED.sub('', self.sms)}" + (f"?body={self.sms_word}" if self.sms_word else "")

    @transaction.atomic
    def keep(self, *, by: User, now: datetime) -> None:
        """Saves the line as checked today. Raises LastHelpLine when that would leave no line on,
        ValidationError when another has its name.

        The lock makes two managers who each turn off one of the last two lines take turns.
        """
        others = set(HelpLine.objects.active().select_for_update().values_list("pk", flat=True)) - {self.pk}
        if not self.active and not others:
            raise LastHelpLine
        self.validate_constraints()
        self.reviewed_by, self.reviewed_on = by, by.local_day(now)
        self.save()


class House(models.Model):
    """How people outside reach the program: one row, for there is one house. What is empty is not shown."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    phone = models.CharField(_("telephone"), max_length=30, blank=True, validators=[a_number])
    hours = models.CharField(
        _("when somebody answers"),
        max_length=60,
        blank=True,
        help_text=_("Such as: Monday to Friday, 9 to 5."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.TextField(
        _("address"),
        max_length=200,
        blank=True,
        help_text=_("Leave it empty if nobody should find the house by itself."),
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_house")]

    def __str__(self) -> str:
        return settings.SITE_NAME

    def __bool__(self) -> bool:
        return bool(self.phone or self.email or self.address)

    @property
    def tel_link(self) -> str:
        return f"tel:{DIALLED.sub('', self.phone)}"
