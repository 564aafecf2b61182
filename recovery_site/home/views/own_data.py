from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import permitted, recently_signed_in
from accounts.http import PersonRequest, see_other
from accounts.language import CHOSEN
from accounts.models import User
from recovery_site import actions
from recovery_site.actions.export_pages import PAGES
from recovery_site.home import traces
from recovery_site.home.own_data_forms import DeletionForm

FORM_METHODS = ["GET", "HEAD", "POST"]


@permitted("accounts.export_own")
@recently_signed_in  # type: ignore[arg-type]  # it passes a streamed answer on as it is
@require_http_methods(FORM_METHODS)
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


@permitted("accounts.delete_own")
@recently_signed_in
@require_http_methods(FORM_METHODS)
def deletion(request: PersonRequest) -> HttpResponse:
    """What goes and what stays, and with the sign-in name typed once more, the deletion itself (A8)."""
    now = timezone.now()
    form = DeletionForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        actions.erase(client=request.user, by=request.user, now=now)
        address = last_page(request.user)
        logout(request)
        response = see_other(address)
        traces.clear(response)
        return response
    in_backups_until = timezone.localdate(now) + timedelta(days=settings.BACKUP_DAYS)
    context = {"form": form, "in_backups_until": in_backups_until}
    return render(request, "home/deletion.html", context, status=422 if form.errors else 200)


def last_page(client: User) -> str:
    """In the language that they read until now, for nobody is signed in there."""
    chosen = "" if client.speaks == settings.LANGUAGE_CODE else f"?{CHOSEN}={client.speaks}"
    return reverse("home:gone") + chosen


@login_not_required
@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """The last page. It names nobody, and is the same for whoever finds it."""
    return render(request, "home/gone.html", {"backup_days": settings.BACKUP_DAYS})
