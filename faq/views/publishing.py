"""How a text comes before the public, and from it: now or at a chosen minute (F1, F2)."""

from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted
from accounts.http import see_other
from faq import moments
from faq.desk_forms import LastDayForm, ScheduleForm
from faq.models import AddressTaken, EndsTooEarly, NotReady, Piece, Release, Stale, State
from faq.views.reviewing import piece_of


@permitted("faq.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    """The day and the time are chosen and shown by GET, and what was shown is done by POST."""
    piece, now = piece_of(request, shelf, pk), timezone.now()
    if request.method == "POST":
        form = ScheduleForm(request.POST, now=now)
        return publish(request, piece, form, now) if form.is_valid() else page(request, piece, now, form)
    return page(request, piece, now, ScheduleForm(request.GET if "when" in request.GET else None, now=now))


def publish(request: HttpRequest, piece: Piece, form: ScheduleForm, now: datetime) -> HttpResponse:
    window = form.window
    try:
        piece.publish(
            by=request.user, now=now, seen=form.cleaned_data["seen"], at=window.at, until=window.until
        )
    except NotReady:
        messages.warning(request, _("A second person reads it first."))
    except Stale:
        messages.warning(request, _("It was changed after you looked. Read it again, then publish."))
    except AddressTaken:
        messages.warning(request, _("Its address leads to another text now. Give it another one first."))
    except EndsTooEarly:
        messages.warning(request, _("It would be over before it begins. Choose a later last day."))
    else:
        messages.success(request, done(window.at))
    return see_other("faq:piece_preview", piece.shelf, piece.pk)


def done(at: datetime | None) -> str:
    if at is None:
        return _("Published. Everybody can read it now.")
    when = date_format(timezone.localtime(at), _("l, j F Y, g:i a"))
    return _("It will be public from %(when)s on.") % {"when": when}


@permitted("faq.publish")
@require_POST
def publication_cancellation(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    """What was scheduled stays in the house. What is public stays public."""
    piece = piece_of(request, shelf, pk)
    piece.unschedule(by=request.user, now=timezone.now())
    messages.success(request, kept(piece.live(timezone.now())))
    return see_other("faq:piece_preview", shelf.shelf, pk)


def kept(live: Release | None) -> str:
    if live is None:
        return _("It will not be published. Only editors see it.")
    if live.public_until is None:
        return _("It will not be published. Readers go on reading the text of now. It has no last day.")
    day = date_format(timezone.localtime(live.public_until), _("l, j F Y, g:i a"))
    return _("It will not be published. Readers go on reading the text of now, until %(day)s.") % {"day": day}


@permitted("faq.publish")
@require_POST
def ending(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece, now = piece_of(request, shelf, pk), timezone.now()
    form = LastDayForm(request.POST, first=first_day(piece, now), now=now)
    if not form.is_valid():
        return page(request, piece, now, ending=form)
    try:
        piece.end(by=request.user, now=now, until=form.until)
    except EndsTooEarly:
        messages.warning(request, _("It would be over before it begins. Choose a later last day."))
    else:
        messages.success(request, _("Kept: its last day."))
    return see_other("faq:publication", shelf.shelf, pk)


@permitted("faq.publish")
@require_POST
def withdrawal(request: HttpRequest, shelf: type[Piece], pk: UUID) -> HttpResponse:
    piece = piece_of(request, shelf, pk)
    piece.take_back(by=request.user, now=timezone.now())
    messages.success(request, _("Taken back. Now only editors see it."))
    return see_other("faq:piece_preview", shelf.shelf, pk)


def first_day(piece: Piece, now: datetime) -> date:
    """The first day that can be the last one: of what is ahead, or else today."""
    ahead = piece.ahead(now)
    return timezone.localdate(ahead.public_from if ahead else now)


def page(
    request: HttpRequest,
    piece: Piece,
    now: datetime,
    form: ScheduleForm | None = None,
    ending: LastDayForm | None = None,
) -> HttpResponse:
    form = form or ScheduleForm(now=now)
    live, ahead = piece.standing(now)
    last = ahead or live
    until = moments.last_day(last.public_until) if last and last.public_until else None
    context = {
        "piece": piece,
        "form": form,
        "window": form.window if form.is_bound and form.is_valid() else None,
        "live": live,
        "ahead": ahead,
        "is_ready": piece.state in (State.APPROVED, State.PUBLISHED),
        "is_out": live is not None and live.revision == piece.revision and ahead is None,
        "ending": ending or LastDayForm(first=timezone.localdate(now), now=now, initial={"last_day": until}),
        "zone": moments.zone_name(),
    }
    part = "#plan" if request.htmx else ""  # type: ignore[attr-defined]  # HtmxMiddleware sets it
    wrong = form.errors or (ending and ending.errors)
    return render(request, f"faq/piece_schedule.html{part}", context, status=422 if wrong else 200)
