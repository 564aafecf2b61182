"""A client's calendar: the page that makes its address, and what a calendar program gets there (T10)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups import appointments
from groups.forms.feed import FeedForm
from groups.models import CalendarFeed
from groups.models.feed import address_of
from groups.views.secret_addresses import nothing_here

HEADERS = {
    # Kept by the program that asked, and asked about each time: a revoked address stops at once.
    "Cache-Control": "private, no-cache",
    "Content-Disposition": 'inline; filename="appointments.ics"',
    "X-Robots-Tag": "noindex",
}


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Asks nothing of a session, so that a program that comes each hour keeps nobody signed in (A4)."""
    feed = CalendarFeed.objects.with_token(token).first()
    if feed is None:
        return nothing_here(request)
    found = appointments.of_feed(feed, timezone.now())
    response = HttpResponse(content_type="text/calendar; charset=utf-8", headers=HEADERS)
    language = feed.client.speaks
    response.headers["ETag"] = appointments.etag(feed, found, language)
    known = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    if known is not None and known is not response:
        return known
    with override(language):
        response.content = appointments.written(found)
    return response


@permitted("groups.keep_feed")
@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: PersonRequest) -> HttpResponse:
    """The new address is this answer, and stands nowhere else."""
    standing = CalendarFeed.objects.visible_to(request.user).standing().first()
    form = FeedForm(request.POST if request.method == "POST" else None, initial=begun_with(standing))
    if not form.is_valid():
        context = {"form": form, "feed": standing}
        return render(request, "groups/feed.html", context, status=422 if form.errors else 200)
    if form.cleaned_data["instead_of"] != (standing and standing.pk):
        messages.info(request, _("This form was sent before. An address is shown only once."))
        return see_other("groups:feed")
    made, token = CalendarFeed.objects.renew(
        request.user, shows_detail=form.cleaned_data["shows_detail"], now=timezone.now()
    )
    address = address_of(token)
    shown = {"feed": made, "address": address, "webcal": f"webcal://{address.partition('://')[2]}"}
    return render(request, "groups/feed_address.html", shown)


def begun_with(standing: CalendarFeed | None) -> dict[str, Any]:
    return {} if standing is None else {"instead_of": standing.pk, "shows_detail": standing.shows_detail}


@permitted("groups.keep_feed")
@require_POST
def feed_ending(request: PersonRequest) -> HttpResponse:
    CalendarFeed.objects.visible_to(request.user).end(now=timezone.now())
    messages.success(
        request, _("The address opens nothing any more. Your calendar may keep what it has read.")
    )
    return see_other("groups:feed")
