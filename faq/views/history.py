"""Every version of a text that somebody kept: what changed, and the way back (F1)."""

from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import permitted
from accounts.http import see_other
from faq.desk_forms import WordForm
from faq.differences import Paragraph, differences, paragraphs_of
from faq.models import Piece, Release, Stale
from faq.views.reviewing import piece_of

SHOWN = 30  # versions on one page
FIELDS = ("title", "topic", "summary", "byline", "reviewer", "reviewed_on", "for_families", "slug", "sources")


class Change(NamedTuple):
    """What is other in one field of a text."""

    label: str
    paragraphs: list[Paragraph]


@permitted("faq.write")
@require_safe
def piece_history(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = piece_of(request, shelf, pk)
    rows = piece.versions().only("revision", "title", "updated_at", "updated_by")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 10:
        rows = rows.filter(revision__lt=int(before))
    versions = list(rows[: SHOWN + 1])
    out = Release.objects.of(piece).unended(timezone.now()).only("revision", "public_from")
    context = {
        "piece": piece,
        "versions": versions[:SHOWN],
        "more": versions[SHOWN - 1].revision if len(versions) > SHOWN else None,
        "public": {release.revision for release in out if release.public_from <= timezone.now()},
        "ahead": {release.revision for release in out if release.public_from > timezone.now()},
    }
    return render(request, "faq/piece_history.html", context)


@permitted("faq.write")
@require_safe
def piece_version(request: HttpRequest, shelf: type[Piece], pk: UUID, revision: int) -> HttpResponse:
    """With what changed since the version before, or up to the text that stands now."""
    piece = piece_of(request, shelf, pk)
    version = version_of(piece, revision)
    up_to_now = request.GET.get("with") == "now" and revision < piece.revision
    older = version if up_to_now else piece.version(revision - 1)
    newer = piece.version(piece.revision) if up_to_now else version
    changes = list(changed(older, newer)) if older and newer else []
    context = {
        "piece": piece,
        "version": version,
        "older": older,
        "up_to_now": up_to_now,
        "changes": changes,
        "looks": bool(older and newer and not changes and older.body != newer.body),
    }
    return render(request, "faq/piece_version.html", context)


@permitted("faq.write")
@require_POST
def piece_restoration(request: HttpRequest, shelf: type[Piece], pk: UUID, revision: int) -> HttpResponse:
    piece = piece_of(request, shelf, pk)
    version_of(piece, revision)
    seen = WordForm.base_fields["seen"].clean(request.POST.get("seen"))
    try:
        is_new = piece.restore(revision, by=request.user, now=timezone.now(), seen=seen)
    except Stale:
        messages.warning(request, _("Somebody kept another text after you looked. Look again first."))
        return see_other("faq:piece_history", shelf.shelf, pk)
    if is_new:
        messages.success(request, _("Brought back, as a draft. What readers see has not changed."))
    else:
        messages.success(request, _("This is the text that stands now."))
    return see_other("faq:piece_preview", shelf.shelf, pk)


def version_of(piece: Piece, revision: int) -> Any:
    if version := piece.version(revision):
        return version
    raise Http404


def changed(older: Any, newer: Any) -> list[Change]:
    fields = [(name, newer._meta.get_field(name).verbose_name) for name in FIELDS if hasattr(newer, name)]
    told = ((label, told_of(older, name), told_of(newer, name)) for name, label in fields)
    body = (newer._meta.get_field("body").verbose_name, paragraphs_of(older.body), paragraphs_of(newer.body))
    found = ((label, differences(before, after)) for label, before, after in chain(told, [body]))
    return [Change(label, paragraphs) for label, paragraphs in found if paragraphs]


def told_of(version: Any, name: str) -> list[str]:
    """A field as a reader would say it, by lines."""
    if name == "topic":
        return [str(version.topic)] if version.topic_id else []
    value = getattr(version, name)
    if isinstance(value, bool):
        return [_("Yes") if value else _("No")]
    if name == "reviewed_on":
        return [date_format(value, "j F Y")] if value else []
    return [line for line in value.splitlines() if line.strip()]
