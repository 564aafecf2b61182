from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from journal.coming_up import memories
from journal.models import Entry, OnThisDay
from journal.who import who_reads


@permitted("journal.read_entry")
@require_http_methods(["GET", "HEAD", "POST"])
def on_this_day(request: PersonRequest) -> HttpResponse:
    """What it does, and the switch; and the pages of this day, for whoever asked for them (J5)."""
    own, now = OnThisDay.objects.visible_to(request.user), timezone.now()
    if request.method == "POST":
        if request.POST.get("wish") == "on":
            own.turn_on(by=request.user, now=now)
            messages.success(request, _("Pages of this day come up now."))
        else:
            own.turn_off(by=request.user)
            messages.success(request, _("Pages of this day do not come up any more."))
        return see_other("journal:on_this_day")
    is_on = own.exists()
    today = request.user.local_day(now)
    context = {
        "is_on": is_on,
        "memories": memories(request.user, today) if is_on else [],
        "who": who_reads(Entry(owner_id=request.user.pk), viewer=request.user),
    }
    return render(request, "journal/on_this_day.html", context)
