"""What is typed and not kept yet: saved by itself, and shown again after a crash or a sign-out (J4)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import ModelMultipleChoiceField
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import unsent
from accounts.models import User
from faq.forms import FORMS, LONGEST_BODY, PieceForm
from faq.models import Autosave, Piece
from faq.sanitiser import clean_html

# No words of their own: these alone are nothing to bring back.
NO_WORDS = {"token", "seen", "order"}


@transaction.atomic
def save(writer: User, shelf: type[Piece], token: UUID, typed: QueryDict, now: datetime) -> str:
    """Says when it was saved; nothing where the form holds what is kept. Raises ValidationError for a
    forged revision."""
    seen = PieceForm.base_fields["seen"].clean(typed.get("seen"))
    piece = shelf.objects.visible_to(writer).filter(client_token=token).first() or shelf()
    fields = fields_of(shelf, typed)
    if not differs(piece, fields):
        Autosave.objects.of(writer, token).delete()
        return ""
    Autosave.objects.keep(editor=writer, token=token, shelf=shelf.shelf, fields=fields, seen=seen, now=now)
    return _("Saved at %(time)s, not kept yet.") % {"time": clock(now, now)}


def fields_of(shelf: type[Piece], typed: QueryDict) -> dict[str, Any]:
    """What stands in each field, whether right or wrong. NUL goes: no database holds it in JSON."""
    fields = {
        name: field for name, field in FORMS[shelf].base_fields.items() if name not in ("token", "seen")
    }
    words = {name: [value.replace("\0", "") for value in typed.getlist(name)] for name in fields}
    return {
        name: list(filter(None, words[name]))
        if isinstance(field, ModelMultipleChoiceField)
        else "".join(words[name][-1:])
        for name, field in fields.items()
    }


def differs(piece: Piece, fields: dict[str, Any]) -> bool:
    if len(fields["body"]) > LONGEST_BODY:
        return True  # more than can be kept, and dear to clean
    form = FORMS[type(piece)](fields, instance=piece)
    changed = set(form.changed_data) - NO_WORDS - {"body"}
    if not fields["slug"]:  # it follows the title
        changed.discard("slug")
    return bool(changed) or clean_html(fields["body"]) != piece.body


def warning(writer: User, shelf: type[Piece], token: UUID, typed: QueryDict, now: datetime) -> str:
    """Told while one types: another text was kept since this one was opened."""
    piece = shelf.objects.visible_to(writer).filter(client_token=token).select_related("updated_by").first()
    if piece and typed.get("seen") != str(piece.revision):
        words = {"name": piece.updated_by, "time": clock(piece.updated_at, now)}
        return _("%(name)s kept another text at %(time)s. Keep yours, and you will see both.") % words
    return ""


def told(mine: Autosave | None, piece: Piece, now: datetime) -> dict[str, Any]:
    """What the page says about words that were typed and not kept."""
    if mine is None:
        return {}
    overtaken = piece.updated_by if piece.revision > mine.seen else None
    return {"unkept": mine, "typed_at": clock(mine.at, now), "overtaken": overtaken}


def clock(moment: datetime, now: datetime) -> str:
    """The hour in the program's zone, with the day where that is another."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    return date_format(local, "H:i" if local.date() == today else "j F, H:i")


def address(shelf: type[Piece], token: UUID) -> str:
    """The page where the words of this form stand again."""
    piece = shelf.objects.filter(client_token=token).only("pk").first()
    if piece:
        return reverse("faq:piece_edit", args=[shelf.shelf, piece.pk])
    return reverse("faq:piece_resume", args=[shelf.shelf, token])


def take(writer: User, typed: QueryDict, ids: dict[str, Any], now: datetime) -> str | None:
    """For what was typed when its writer was signed out."""
    if not writer.has_perm("faq.write"):
        return None
    try:
        token = PieceForm.base_fields["token"].clean(typed.get("token"))
        save(writer, ids["shelf"], token, typed, now)
    except ValidationError:
        return None
    return address(ids["shelf"], token)


def register() -> None:
    for name in ("autosave", "beside"):
        unsent.register(f"faq:{name}", take)
