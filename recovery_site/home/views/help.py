from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.backends.db import SessionStore
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import push_devices
from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import AuditEvent
from accounts.sign_in import security, session_limits
from faq.models import Edition
from recovery_site.home import help_page, known_lines, traces
from recovery_site.home.forms import HelpLineForm, HouseForm
from recovery_site.home.models import HelpLine, House


@login_not_required
@require_safe
def help(request: HttpRequest) -> HttpResponse:
    """The lines, whatever else is broken: without the database, the file that was written before (H1)."""
    try:
        lines = list(HelpLine.objects.active())
    except Error:
        lines = []
    if not lines:
        return HttpResponse(help_page.stored())
    return render(request, "home/help.html", {"lines": lines})


@login_not_required
@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Ends the session and is gone (H2). A browser that only looks ahead ends nothing."""
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return HttpResponse(status=204)
    response = HttpResponseRedirect(settings.NEUTRAL_URL)
    if request.method == "HEAD":
        return response
    try:
        if request.user.is_authenticated:
            security.record(AuditEvent.Act.SIGNED_OUT, request.user, detail="left quickly")
        request.session.flush()
        push_devices.end_here(request, response, timezone.now())
    except Error:
        request.session = SessionStore()  # the cookie goes in any case
    traces.clear(response, but={session_limits.shared_cookie()})
    return response


@permitted("home.edit_help_lines")
@require_safe
def help_line_list(request: PersonRequest) -> HttpResponse:
    return render(request, "home/help_lines.html", {"lines": HelpLine.objects.all()})


@permitted("home.edit_help_lines")
def help_line_create(request: PersonRequest) -> HttpResponse:
    return edit(request, HelpLine())


@permitted("home.edit_help_lines")
def help_line_edit(request: PersonRequest, line_id: UUID) -> HttpResponse:
    return edit(request, get_object_or_404(HelpLine, pk=line_id))


def edit(request: PersonRequest, line: HelpLine) -> HttpResponse:
    form = HelpLineForm(request.POST or None, instance=line)
    if request.method == "POST" and form.kept(by=request.user, now=timezone.now()):
        help_page.write()
        messages.success(request, _("Kept. The help page shows it now."))
        return see_other("home:help_line_list")
    context = {"form": form, "line": line}
    return render(request, "home/help_line_form.html", context, status=422 if form.errors else 200)


@permitted("home.edit_help_lines")
def house(request: PersonRequest) -> HttpResponse:
    form = HouseForm(request.POST or None, instance=House.objects.first() or House())
    if request.method == "POST" and form.is_valid():
        form.save()
        Edition.objects.renew()  # printed pages say it too
        known_lines.clear()
        messages.success(request, _("Kept. Everybody can read it within a minute."))
        return see_other("home:help_line_list")
    return render(request, "home/house.html", {"form": form}, status=422 if form.errors else 200)
