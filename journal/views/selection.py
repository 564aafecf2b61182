from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gates import permitted, recently_signed_in
from accounts.http import PersonRequest
from journal import selection as pages
from journal.models import Entry
from journal.month import month_of
from journal.who import who_reads


@permitted("journal.read_entry")
@recently_signed_in  # type: ignore[arg-type]  # it passes a streamed answer on as it is
@require_http_methods(["GET", "HEAD", "POST"])
def selection(request: PersonRequest) -> HttpResponseBase:
    """Pages to tick; with a POST, those that were ticked: to print, or in one file (A7)."""
    if request.method != "POST":
        return choosing(request)
    now, rows = timezone.now(), pages.chosen(request.user, request.POST)
    if not rows.exists():
        return choosing(request, problem=_("Choose a month or a page first."))
    if request.POST.get("then") == "print":
        context = {"chosen": pages.opened(rows, by=request.user)}
        return render(request, "journal/selection_print.html", context)
    pieces = pages.as_file(rows, by=request.user, now=now)
    response = StreamingHttpResponse(pieces, content_type="text/html; charset=utf-8")
    # The name tells nobody who finds the file where it comes from.
    name = f"pages-{request.user.local_day(now)}.html"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def choosing(request: PersonRequest, problem: str = "") -> HttpResponse:
    month = month_of(request.GET.get("month", ""))
    one = pages.number_of(request.GET.get("page", ""))
    own = Entry.objects.visible_to(request.user).standing()
    context = {
        "months": pages.months(request.user),
        "month": month,
        "pages": pages.of_month(request.user, month).headings(by=request.user) if month else [],
        "ticked": own.filter(pk=one).headings(by=request.user) if one else [],
        "problem": problem,
        "who": who_reads(Entry(owner_id=request.user.pk), viewer=request.user),
    }
    return render(request, "journal/selection.html", context, status=422 if problem else 200)
