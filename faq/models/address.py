from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from faq.models.about import AboutAPiece, AboutAPieceQuerySet

if TYPE_CHECKING:
    from faq.models.writing import Writing


class AddressQuerySet(AboutAPieceQuerySet):
    def leading(self, shelf: str, slug: str, now: datetime) -> Address | None:
        return self.filter(shelf=shelf, slug=slug, since__lte=now).first()

    def keep(self, piece: Writing, since: datetime) -> bool:
        """Gives the piece the address it wears, for good; False where it leads to another text by now. Call
        it under the lock of a publication.
        """
        found, new = self.get_or_create(
            shelf=piece.shelf, slug=piece.slug, defaults={piece.kind: piece, "since": since}
        )
        if not new and since < found.since:
            self.filter(pk=found.pk).update(since=since)
        return bool(found.piece_id == piece.pk)


class Address(AboutAPiece):
    """A public address, and the piece to which it leads for ever (F2).

    It names no other address: whoever comes by an old one is sent to the one of now in a single step, so that
    there are neither chains nor loops.
    """

    shelf = models.CharField(max_length=10)
    slug = models.SlugField(_("address"), max_length=80)
    since = models.DateTimeField(editable=False)  # it is nothing to the public before

    objects = AddressQuerySet.as_manager()

    class Meta:
        constraints = [
            AboutAPiece.about_one,
            models.UniqueConstraint(
                fields=["shelf", "slug"],
                name="address_leads_to_one_piece",
                violation_error_message=_("This address leads to another text."),
            ),
        ]

    def __str__(self) -> str:
        return f"/{self.shelf}/{self.slug}/"
