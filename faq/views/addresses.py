"""Which addresses lead to a text, for ever (F2)."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted
from accounts.http import see_other
from faq.desk_forms import AddressForm, Place
from faq.models import AddressTaken, NotReady, Piece, Release
from faq.views.reviewing import piece_of

SECOND = "id_to_%s"  # ids of the second form on the page


@permitted("faq.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def piece_addresses(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = piece_of(request, shelf, pk)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return page(request, piece, form)
    place: Place = form.cleaned_data["address"]
    try:
        piece.lead_here(place.shelf, place.slug, by=request.user, now=timezone.now())
    except AddressTaken:
        form.add_error("address", _("This address leads to another text."))
        return page(request, piece, form)
    messages.success(request, _("Kept. Whoever comes by this address comes here."))
    return see_other("faq:piece_addresses", shelf.shelf, pk)


@permitted("faq.publish")
@require_POST
def address_handover(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece, now = piece_of(request, shelf, pk), timezone.now()
    form = AddressForm(request.POST, auto_id=SECOND)
    if not form.is_valid():
        return page(request, piece, handover=form)
    to = public_text_at(form.cleaned_data["address"], now)
    try:
        if to is None:
            raise NotReady
        piece.hand_over(to, by=request.user, now=now)
    except NotReady:
        form.add_error("address", _("No other text is public at this address."))
        return page(request, piece, handover=form)
    messages.success(request, _("Kept. Readers of these addresses come to “%(title)s”.") % {"title": to})
    return see_other("faq:piece_addresses", shelf.shelf, pk)


def public_text_at(place: Place, now: datetime) -> Piece | None:
    release = Release.objects.public(now).on(place.shelf).filter(slug=place.slug).first()
    return release.piece if release else None


def page(
    request: HttpRequest,
    piece: Piece,
    form: AddressForm | None = None,
    handover: AddressForm | None = None,
) -> HttpResponse:
    live, ahead = piece.standing(timezone.now())
    context = {
        "piece": piece,
        "form": form or AddressForm(),
        "handover": handover or AddressForm(auto_id=SECOND),
        "addresses": piece.led_from(),
        "live": live,
        "ahead": ahead,
    }
    wrong = (form and form.errors) or (handover and handover.errors)
    return render(request, "faq/piece_addresses.html", context, status=422 if wrong else 200)
