"""Where questions and articles are written and looked at."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted
from accounts.http import see_other
from faq import unkept
from faq.forms import FORMS, PieceForm
from faq.looking import look
from faq.models import AddressTaken, Autosave, Piece, Stale, Writing


@permitted("faq.write")
@require_http_methods(["GET", "HEAD", "POST"])
def piece_create(request: HttpRequest, shelf: type[Piece], token: UUID | None = None) -> HttpResponse:
    """With a token: a text that was begun and not kept, to go on with."""
    mine = shelf.objects.visible_to(request.user)
    if token and request.method != "POST" and (kept := mine.filter(client_token=token).first()):
        return see_other("faq:piece_edit", kept.shelf, kept.pk)
    return writing(request, shelf(client_token=token) if token else shelf())


@permitted("faq.write")
@require_http_methods(["GET", "HEAD", "POST"])
def piece_edit(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    rows = shelf.objects.visible_to(request.user).select_related("topic", "updated_by")
    return writing(request, get_object_or_404(rows, pk=pk))


def writing(request: HttpRequest, piece: Piece) -> HttpResponse:
    """Where another text was kept first, both are shown (409) and neither is lost."""
    if request.method != "POST":
        return opened(request, piece)
    form = FORMS[type(piece)](request.POST, instance=piece)
    if not form.is_valid():
        return edit_page(request, form, status=422)
    try:
        kept = keep(request, form)
    except Stale as stale:
        return edit_page(request, form.over(stale.stored), status=409, stored=stale.stored)
    except AddressTaken:
        form.instance.revision = form.cleaned_data["seen"]
        form.add_error("slug", _("This address leads to another text. Choose another one."))
        return edit_page(request, form, status=422)
    return see_other("faq:piece_preview", kept.shelf, kept.pk)


def opened(request: HttpRequest, piece: Piece) -> HttpResponse:
    """With what this editor has typed and not kept, if there is any."""
    now, shelf = timezone.now(), type(piece)
    rows = list(Autosave.objects.about(piece.client_token))
    mine = next((row for row in rows if row.editor_id == request.user.pk), None)
    others = [row for row in rows if row.editor_id != request.user.pk and row.is_fresh(now)]
    typed = mine.fields | {"seen": mine.seen} if mine else None
    form = FORMS[shelf](instance=piece, initial=typed)
    begun = () if piece.revision or mine else Autosave.objects.begun(request.user, shelf)
    notes = {"others": others, "begun": begun}
    return edit_page(request, form, status=200, notes=notes | unkept.told(mine, piece, now))


def keep(request: HttpRequest, form: PieceForm) -> Piece:
    with transaction.atomic():
        piece: Piece = form.save(commit=False)
        if piece._state.adding:
            piece.client_token = form.cleaned_data["token"]
        piece.write(by=request.user, now=timezone.now(), seen=form.cleaned_data["seen"])
        form.save_m2m()
        form.place()
        Autosave.objects.of(request.user, piece.client_token).delete()
    messages.success(request, _("Kept. This is how it reads."))
    return piece


def edit_page(
    request: HttpRequest,
    form: PieceForm,
    status: int,
    stored: Writing | None = None,
    notes: dict[str, object] | None = None,
) -> HttpResponse:
    piece = stored or form.instance
    context = {"form": form, "piece": piece, "shelf": piece.shelf, "stored": stored, "token": form.token_now}
    context |= look(form) | (notes or {})
    return render(request, "faq/piece_edit.html", context, status=status)


@permitted("faq.write")
@require_POST
def beside(request: HttpRequest, shelf: type[Piece]) -> HttpResponse:
    """How the text reads on a phone and what could be better, while it is written. Nothing is kept."""
    return render(request, "faq/piece_beside.html", look(FORMS[shelf](request.POST)))
