from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def seen(self, now: datetime) -> HeartbeatQuerySet:
        """The engine's parts that were at work not too long ago."""
        since = now - timedelta(minutes=settings.SILENT_AFTER_MINUTES)
        return self.filter(name__in=Heartbeat.PARTS, at__gt=since)


class Heartbeat(models.Model):
    """When a process that must not fall silent was last seen at work."""

    PARTS = ("beat", "worker")

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})

    @classmethod
    def lost(cls, way: str) -> None:
        """Nothing goes out on this way since now, or since it was lost before."""
        cls.objects.get_or_create(name=f"no {way}", defaults={"at": timezone.now()})

    @classmethod
    def back(cls, way: str) -> None:
        cls.objects.filter(name=f"no {way}").delete()

    @classmethod
    def is_lost(cls, way: str) -> bool:
        return cls.objects.filter(name=f"no {way}").exists()

    @classmethod
    def lost_since(cls, now: datetime) -> datetime | None:
        return cls.standing(now)[1]

    @classmethod
    def silent(cls, now: datetime) -> list[str]:
        """Names of the engine's parts that have not been seen for too long, or ever (K8)."""
        return cls.standing(now)[0]

    @classmethod
    def standing(cls, now: datetime) -> tuple[list[str], datetime | None]:
        """Who is silent, and since when a way out is lost, in one query."""
        rows = dict(cls.objects.values_list("name", "at"))
        since = now - timedelta(minutes=settings.SILENT_AFTER_MINUTES)
        silent = sorted(name for name in cls.PARTS if name not in rows or rows[name] <= since)
        return silent, min((at for name, at in rows.items() if name.startswith("no ")), default=None)
