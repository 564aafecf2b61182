from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class EditionQuerySet(models.QuerySet["Edition"]):
    def current(self) -> uuid.UUID | None:
        """None in a library in which nobody has written."""
        return next(iter(self.values_list("mark", flat=True)), None)

    def renew(self) -> None:
        """First in the transaction of a change: two editors then wait here, and never for each other."""
        row = self.model(mark=uuid.uuid4())
        self.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["mark"])


class Edition(models.Model):
    """What stands in the library, as one mark: another one whenever anything in it changes.

    No number, because that would come again after a backup is put back.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    mark = models.UUIDField()

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="only_one_edition")]

    def __str__(self) -> str:
        return str(self.mark)
