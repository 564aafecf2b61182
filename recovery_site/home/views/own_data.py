from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.gates import permitted, recently_signed_in
from accounts.http import PersonRequest
from recovery_site import actions
from recovery_site.actions.export_pages import PAGES


@permitted("accounts.export_own")
@recently_signed_in  # type: ignore[arg-type]  # it passes a streamed answer on as it is
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: PersonRequest) -> HttpResponseBase:
    """What is inside, and with a POST the file itself, which is made while it goes out (A7)."""
    if request.method != "POST":
        return render(request, "home/export.html", {"pages": PAGES})
    now = timezone.now()
    pieces = actions.export(client=request.user, by=request.user, now=now)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    # The name tells nobody who finds the file where it comes from.
    response.headers["Content-Disposition"] = f'attachment; filename="my-copy-{timezone.localdate(now)}.zip"'
    return response
