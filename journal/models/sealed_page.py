from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from accounts import vault
from accounts.vault import PersonKey, Unreadable

logger = logging.getLogger(__name__)

FIELDS = ("title", "text", "prompt")


@dataclass(frozen=True, repr=False)  # a repr with the text in it would reach logs
class Page:
    """What stands on a page, open for the length of a request."""

    title: str
    text: str
    prompt: str = ""


class SealedPage(models.Model):
    """The words of a page, sealed with the writer's own key. Opening is an explicit call of who inherits.

    `KIND` and the row's id, field and revision are what each value is bound to (accounts.vault), so that none
    opens in another place.
    """

    KIND: ClassVar[str]
    owner_id: UUID  # the writer

    title_sealed = models.BinaryField()
    text_sealed = models.BinaryField()
    prompt_sealed = models.BinaryField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def sealed(self, page: Page, *, revision: int) -> dict[str, Any]:
        """The columns of that revision. Call it in the transaction that stores them."""
        key = vault.key_to_seal(self.owner_id)
        columns = {
            f"{field}_sealed": key.seal(getattr(page, field), self.KIND, self.pk, field, revision)
            for field in FIELDS
        }
        return {"revision": revision, **columns}

    @classmethod
    def open_row(cls, pk: UUID, revision: int, sealed: Iterable[bytes], key: PersonKey) -> Page:
        """The words in the sealed columns of one row, in the order of FIELDS, for who asked who may see it.

        Thousands of pages are searched without making an object of each.
        """
        about = str(pk)
        return Page(
            *(
                cls._open(value, about, name, revision, key)
                for name, value in zip(FIELDS, sealed, strict=True)
            )
        )

    def _unsealed(self, key: PersonKey | None = None) -> Page:
        key = key or vault.key_for(self.owner_id)
        return self.open_row(
            self.pk, self.revision, (getattr(self, f"{name}_sealed") for name in FIELDS), key
        )

    def _unsealed_field(self, field: str, key: PersonKey) -> str:
        return self._open(getattr(self, f"{field}_sealed"), str(self.pk), field, self.revision, key)

    @classmethod
    def _open(cls, sealed: bytes, pk: str, field: str, revision: int, key: PersonKey) -> str:
        try:
            return key.unseal(sealed, cls.KIND, pk, field, revision)
        except Unreadable as error:
            logger.error("The %s of %s %s does not open: %s", field, cls.KIND, pk, error)
            raise
