"""For machines: 200 while everything that people rely on is at work (K8), else 503."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from health_check import checks
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView

from notifications.models import Heartbeat, Notification

BACKUP_LATE_AFTER = timedelta(hours=26)  # a night, and time for a slow one


class Database(checks.Database):
    """The library's check, on the connection that this request has already."""

    async def run(self) -> None:
        await sync_to_async(super().run)()


@dataclass
class Engine(HealthCheck):
    """Beat and worker were seen not long ago, and what goes out has a way.

    While a mail server is away its messages are put off again and again, so that none of them looks old.
    """

    async def run(self) -> None:
        if trouble := await sync_to_async(self.trouble)(timezone.now()):
            raise ServiceUnavailable(trouble)

    def trouble(self, now: datetime) -> str:
        try:
            silent, lost_since = Heartbeat.standing(now)
        except Error:
            return "silent: unknown"
        if silent:
            return f"silent: {', '.join(silent)}"
        lost = lost_since and lost_since <= now - timedelta(minutes=settings.SILENT_AFTER_MINUTES)
        return "messages cannot go out" if lost else ""


@dataclass
class Outbox(HealthCheck):
    """What is due goes out. Red when the oldest message has waited as long as the engine may be silent."""

    seconds: int | None = field(default=None, repr=False)

    async def run(self) -> None:
        self.seconds = await sync_to_async(self.oldest)(timezone.now())
        if self.seconds is None or self.seconds >= settings.SILENT_AFTER_MINUTES * 60:
            raise ServiceUnavailable("messages wait")

    def oldest(self, now: datetime) -> int | None:
        """For how many seconds the oldest unsent message waits; 0 when none does, None where nobody knows."""
        try:
            since = Notification.waiting_since(now)
        except Error:
            return None
        return (now - since) // timedelta(seconds=1) if since else 0


@dataclass
class Backup(HealthCheck):
    """Tells of a night without a backup, never by 503: a process that serves must not be stopped for it."""

    late: str = field(default="", repr=False)

    async def run(self) -> None:
        if settings.BACKUP_FOLDER:
            self.late = await sync_to_async(self.trouble)(timezone.now())

    def trouble(self, now: datetime) -> str:
        try:
            made = Heartbeat.objects.filter(name="backup", at__gt=now - BACKUP_LATE_AFTER).exists()
        except Error:
            return "unknown"
        return "" if made else "none in 26 hours"


class Health(HealthCheckView):
    checks = (Database, "health_check.checks.Cache", Engine, Outbox, Backup)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return self.render_to_response_json(kwargs["status"])

    def render_to_response_json(self, status: int) -> HttpResponse:
        """Names and "OK" or what is wrong. Whoever calls holds no account: there is no more in it."""
        report: dict[str, str | int | None] = {
            type(row.check).__name__.lower(): str(row.error or getattr(row.check, "late", "") or "OK")
            for row in self.results
            if settings.BACKUP_FOLDER or not isinstance(row.check, Backup)
        }
        waits = next(row.check.seconds for row in self.results if isinstance(row.check, Outbox))
        report["oldest_unsent_seconds"] = waits
        return JsonResponse(report, status=503 if status == 500 else status)


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    return async_to_sync(Health.as_view())(request)
