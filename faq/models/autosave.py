from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

KEPT_FOR = timedelta(days=30)
AT_WORK = timedelta(minutes=10)  # who has typed within them is taken to be writing still


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    def visible_to(self, user: Any) -> AutosaveQuerySet:
        return self.filter(editor=user) if user.has_perm("faq.write") else self.none()

    def of(self, editor: Any, token: uuid.UUID) -> AutosaveQuerySet:
        return self.filter(editor=editor, token=token)

    def about(self, token: uuid.UUID) -> AutosaveQuerySet:
        """Of whichever editor, the newest first."""
        return self.filter(token=token).select_related("editor").order_by("-at")

    def begun(self, editor: Any, shelf: type[models.Model]) -> AutosaveQuerySet:
        """What an editor has begun on a shelf and never kept, the newest first."""
        kept = shelf._default_manager.values("client_token")
        return self.filter(editor=editor, shelf=shelf.shelf).exclude(token__in=kept).order_by("-at")  # type: ignore[attr-defined]

    def keep(
        self, *, editor: Any, token: uuid.UUID, shelf: str, fields: dict[str, Any], seen: int, now: datetime
    ) -> None:
        """What stands in the form, over what stood there; safe for two tabs at once."""
        row = self.model(editor=editor, token=token, shelf=shelf, fields=fields, seen=seen, at=now)
        self.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["editor", "token"],
            update_fields=["fields", "seen", "at"],
        )

    def forget(self, now: datetime) -> None:
        self.filter(at__lt=now - KEPT_FOR).delete()


class Autosave(models.Model):
    """What an editor has typed and not kept yet. `token` is the client_token of the piece."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField()
    shelf = models.CharField(max_length=10)
    fields = models.JSONField()
    seen = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)

    objects = AutosaveQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["editor", "token"], name="autosave_once")]

    def __str__(self) -> str:
        return self.fields.get("title") or str(_("Without a title yet"))

    def is_fresh(self, now: datetime) -> bool:
        """Whether its editor is taken to be writing still."""
        return self.at > now - AT_WORK
