from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction

from faq.models.edition import Edition
from faq.models.publishing import Publishing
from faq.models.remark import Act, Remark
from faq.models.topic import Topic

# What a version is made of. Its address, its place in lists and its dates for the desk are not brought back.
WORDS = (
    *("title", "topic_id", "summary", "body", "byline", "reviewer", "reviewed_on", "sources"),
    "for_families",
)


class Restoring(Publishing):
    """The versions of a text: each one that somebody kept, and none is ever changed (F1)."""

    class Meta:
        abstract = True

    def versions(self) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = self.history.order_by("-revision", "-history_id")  # type: ignore[attr-defined]
        return rows.select_related("updated_by")

    def version(self, revision: int) -> Any:
        """None where nobody kept such a version."""
        return self.versions().select_related("topic").filter(revision=revision).first()

    @transaction.atomic
    def restore(self, revision: int, *, by: Any, now: datetime, seen: int) -> bool:
        """Keeps the words of an earlier version as a new one, which a second person reads as any other (F1).

        Raises Stale if somebody saved after revision `seen`. False where the words are those that stand now.
        """
        Edition.objects.renew()
        stored = self.unchanged(seen)
        version = stored.version(revision)
        if version is None or all(getattr(version, name) == getattr(stored, name) for name in WORDS):
            return False
        topics = Topic.objects.filter(pk=version.topic_id)
        for name in WORDS:
            if name != "topic_id" or topics.exists():
                setattr(stored, name, getattr(version, name))
        stored.write(by=by, now=now, seen=seen)
        Remark.objects.add(stored, Act.RESTORED, by=by, now=now)
        self.refresh_from_db()
        return True
