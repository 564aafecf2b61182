from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from faq.models.about import AboutAPiece, AboutAPieceQuerySet

if TYPE_CHECKING:
    from faq.models.writing import Writing


class Act(models.TextChoices):
    SAID = "said", _("said")
    SENT = "sent", _("asked for a second reader")
    RETURNED = "returned", _("gave it back")
    APPROVED = "approved", _("read it and agreed")
    PUBLISHED = "published", _("published it")
    SCHEDULED = "scheduled", _("scheduled it")
    ENDED = "ended", _("set its last day")
    TAKEN_BACK = "taken_back", _("took it back")
    CHECKED = "checked", _("checked that it is still right")
    RESTORED = "restored", _("brought back an earlier text")
    PUT_AWAY = "put_away", _("put it away")
    TAKEN_UP = "taken_up", _("took it up again")
    MOVED = "moved", _("changed where addresses lead")


class RemarkQuerySet(AboutAPieceQuerySet):
    def add(self, piece: Writing, act: Act, *, by: Any, now: datetime, text: str = "") -> Remark:
        row: Remark = self.create(
            **{piece.kind: piece}, act=act, by=by, at=now, text=text, revision=piece.revision
        )
        return row

    def newest(self) -> RemarkQuerySet:
        return self.select_related("by").order_by("-at", "-id")


class Remark(AboutAPiece):
    """What somebody of the desk did with a text or said about it. For editors alone, and never changed."""

    act = models.CharField(max_length=10, choices=Act)
    text = models.TextField(_("comment"), max_length=2_000, blank=True)
    revision = models.PositiveIntegerField(editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    at = models.DateTimeField(editable=False)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        constraints = [
            AboutAPiece.about_one,
            models.CheckConstraint(condition=models.Q(act__in=Act.values), name="remark_known_act"),
        ]

    def __str__(self) -> str:
        return str(self.get_act_display())
