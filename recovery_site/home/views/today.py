from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import OutreachCall, OutreachTask, User
from accounts.roles import Role
from recovery_site.home.acts import turn_of
from recovery_site.home.today import alum, client, clinician, editor, manager, slips

Composer = Callable[[User, datetime], dict[str, Any]]
COMPOSERS: dict[str, Composer] = {
    "alum": alum.compose,
    Role.CLINICIAN: clinician.compose,
    Role.EDITOR: editor.compose,
    Role.MANAGER: manager.compose,
}


@require_safe
def today(request: PersonRequest) -> HttpResponse:
    """What now? Another page for each role, and one for whoever has left."""
    now, audience = timezone.now(), request.user.audience
    if audience == Role.CLIENT:
        context = client.compose(request.user, now, turn_of(request.GET.get("turn", "")))
    else:
        context = COMPOSERS[audience](request.user, now)
        if audience == Role.CLINICIAN and "talk" in request.GET:
            context["slip"] = slips.slip(request.user, request.GET["talk"], now)
    return render(request, f"home/today_{audience}.html", context)


@permitted("groups.view_own")
@require_safe
def act(request: PersonRequest) -> HttpResponse:
    """Another small act in place of the one on the page."""
    turn = turn_of(request.GET.get("turn", ""))
    if not request.htmx:
        return see_other(f"{reverse('home:today')}?turn={turn}")
    context = client.small_act(request.user, timezone.now(), turn)
    return render(request, "home/today_client.html#act", context)


@permitted("accounts.answer_outreach")
@require_POST
def outreach_taking(request: PersonRequest, task_id: UUID) -> HttpResponse:
    """ "I will go". When a colleague was first, the page says so, with the name where one may know it."""
    task = OutreachTask.objects.visible_to(request.user).filter(pk=task_id).first()
    if task is None:
        get_object_or_404(OutreachCall, task=task_id, clinician=request.user)
        messages.info(request, _("Somebody else is going already. Thank you."))
    elif task.take(by=request.user, now=timezone.now()):
        messages.success(request, _("Thank you. The others see that you are going."))
    elif task.closed_at:
        messages.info(request, _("It is settled already. Thank you."))
    else:
        messages.info(request, _("%(name)s is going already.") % {"name": task.taken_by})
    return see_other("home:today")


@permitted("accounts.answer_outreach")
@require_POST
def outreach_closing(request: PersonRequest, task_id: UUID) -> HttpResponse:
    """ "We talked"."""
    task = get_object_or_404(OutreachTask.objects.visible_to(request.user), pk=task_id)
    task.close(by=request.user, now=timezone.now())
    messages.success(request, _("Noted. Thank you."))
    return see_other(f"{reverse('home:today')}?talk={task.pk}")
