from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Preference(models.Model):
    """How one person wishes to be reached. Without a row, the program's defaults hold."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("By e-mail, and here under Notices")
        PUSH = "push", _("On my own device, and here under Notices")
        NOTICES = "notices", _("Here under Notices only")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="reach"
    )
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.MAIL)
    # Says in one neutral sentence what it is about; without it each message is the same (K5).
    tells_more = models.BooleanField(default=False)
    # Mails came back from the address, so they stopped; the person is told here, and may turn them on again.
    bounced_at = models.DateTimeField(null=True)
    quiet_from = models.TimeField(_("quiet from"), default=settings.QUIET_FROM)
    quiet_until = models.TimeField(_("quiet until"), default=settings.QUIET_UNTIL)

    def __str__(self) -> str:
        return f"reach of {self.person_id}"


def quiet_hours(reach: Preference | None) -> tuple[time, time]:
    """From when to when a person is left in peace, by their own clock (K4)."""
    return (reach.quiet_from, reach.quiet_until) if reach else (settings.QUIET_FROM, settings.QUIET_UNTIL)


def is_within(clock: time, start: time, end: time) -> bool:
    """Half-open, and past midnight where the end comes before the start."""
    return start <= clock < end if start <= end else clock >= start or clock < end


def quiet_end(person: Any, now: datetime) -> datetime | None:
    """When the person's quiet hours end, by their own clock; None outside of them (K4).

    Of a bare address no clock is known: the program's holds.
    """
    start, end = quiet_hours(getattr(person, "reach", None))
    zone = person.zone if person else timezone.get_default_timezone()
    local = now.astimezone(zone)
    if not is_within(local.time(), start, end):
        return None
    day = local.date() if local.time() < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=zone)
