"""How a text reads, what a second person says to it, and what can be done with it now (F1)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import permitted, unknown_to_strangers
from accounts.http import see_other
from faq import moments
from faq.desk_forms import AgainForm, WordForm
from faq.models import OwnText, Piece, Remark, Stale, StillOut, Unheard

SHOWN = 50  # remarks, the newest


@unknown_to_strangers
@permitted("faq.write")
@require_safe
def piece_preview(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    """The address that is handed around most: 404 for anybody else, without a way to sign in (F1)."""
    return preview_page(request, piece_of(request, shelf, pk))


@permitted("faq.write")
@require_POST
def review(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = piece_of(request, shelf, pk)
    return act(request, piece, piece.send_to_review, _("Sent. The others of the desk see that it waits."))


@permitted("faq.write")
@require_POST
def review_return(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = piece_of(request, shelf, pk)
    needed = _("Say what it still needs, so that it can come back better.")
    return act(request, piece, piece.give_back, _("Given back, with your word."), needed)


@permitted("faq.write")
@require_POST
def review_approval(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = piece_of(request, shelf, pk)

    def agree(*, text: str, **known: object) -> None:
        heard = WordForm.base_fields["heard"].clean(request.POST.get("heard"))
        piece.approve(text=text, heard=heard, **known)  # type: ignore[arg-type]

    return act(request, piece, agree, _("Agreed. It can be published now."))


@permitted("faq.write")
@require_POST
def away(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = piece_of(request, shelf, pk)
    return act(request, piece, piece.put_away, _("Put away. It is kept, and the library no longer lists it."))


@permitted("faq.write")
@require_POST
def away_return(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = piece_of(request, shelf, pk)
    return act(request, piece, piece.take_up, _("It is a draft again."))


@permitted("faq.write")
@require_POST
def remarks(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = piece_of(request, shelf, pk)

    def say(*, seen: int, **known: object) -> None:
        piece.say(**known)  # type: ignore[arg-type]

    return act(request, piece, say, _("Said."), _("Write something first."))


@permitted("faq.write")
@require_POST
def piece_check(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    """It was held against its sources and is still right."""
    piece = piece_of(request, shelf, pk)
    form = AgainForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return preview_page(request, piece, check=form, status=422)
    piece.still_right(by=request.user, now=timezone.now(), again_by=form.cleaned_data["again_by"])
    messages.success(request, _("Thank you. It comes up again on that day."))
    return see_other("faq:piece_preview", shelf.shelf, pk)


def piece_of(request: HttpRequest, shelf: type[Piece], pk: UUID) -> Piece:
    rows = shelf.objects.visible_to(request.user).select_related(
        "topic", "updated_by", "created_by", "approved_by"
    )
    piece: Piece = get_object_or_404(rows, pk=pk)
    return piece


def act(
    request: HttpRequest, piece: Piece, verb: Callable[..., None], done: str, needed: str = ""
) -> HttpResponse:
    """What was typed stays on the page until the act is done (409 where somebody else was first)."""
    form = WordForm(request.POST, needed=needed)
    if not form.is_valid():
        return preview_page(request, piece, form, status=422)
    given = {"text": form.cleaned_data["text"], "seen": form.cleaned_data["seen"]}
    try:
        verb(by=request.user, now=timezone.now(), **given)
    except OwnText:
        messages.warning(request, _("You wrote this text last. Somebody else is its second reader."))
    except StillOut:
        messages.warning(request, _("Readers have it, or will. Take it back first."))
    except (Stale, Unheard):
        messages.warning(request, _("Something was changed or said after you looked. Read it again first."))
        if given["text"]:
            piece.refresh_from_db()
            return preview_page(request, piece, form.over(piece.revision, piece.newest_remark()), status=409)
    else:
        messages.success(request, done)
    return see_other("faq:piece_preview", piece.shelf, piece.pk)


def preview_page(
    request: HttpRequest,
    piece: Piece,
    form: WordForm | None = None,
    check: AgainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    trail = list(Remark.objects.of(piece).newest()[:SHOWN])
    heard = trail[0].pk if trail else 0
    context = how_it_stands(piece) | {
        "piece": piece,
        "text": piece,
        "is_own": piece.updated_by == request.user,
        "trail": trail,
        "shown": SHOWN,
        "form": form or WordForm(initial={"seen": piece.revision, "heard": heard}),
        "check": check or AgainForm(today=timezone.localdate()),
    }
    return render(request, "faq/piece_preview.html", context, status=status)


def how_it_stands(piece: Piece) -> dict[str, Any]:
    """What is public of it, what will be, and what stands beside it then."""
    now = timezone.now()
    (live, ahead), (asked, read_more) = piece.standing(now), piece.beside(now)
    ends = live.public_until if live and not ahead else None
    return {
        "live": live,
        "ahead": ahead,
        "asked": asked,
        "read_more": read_more,
        "last_day": moments.last_day(ends) if ends else None,
        "zone": moments.zone_name(),
    }
