"""Talks that took place, and those that were noted by a slip of the finger (K6)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import Contact, OutreachTask, User


@permitted("accounts.answer_outreach")
@require_POST
def outreach_slip(request: PersonRequest, task_id: UUID) -> HttpResponse:
    """ "That was a slip": the talk did not take place, and they wait again."""
    task = get_object_or_404(OutreachTask.objects.visible_to(request.user), pk=task_id)
    tell(request, task.take_back(by=request.user, now=timezone.now()))
    return see_other("home:today")


@permitted("accounts.answer_outreach")
@require_POST
def talk(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """ "We talked today", where nobody had asked for it."""
    client = get_object_or_404(User.objects.cared_for_by(request.user), pk=person_id)
    if Contact.objects.log(client=client, by=request.user, now=timezone.now()):
        messages.success(request, _("Noted. Thank you."))
    else:
        messages.info(request, _("You noted a talk today already."))
    return see_other("home:person", client.pk)


@permitted("accounts.answer_outreach")
@require_POST
def talk_slip(request: PersonRequest, person_id: UUID) -> HttpResponse:
    client = get_object_or_404(User.objects.cared_for_by(request.user), pk=person_id)
    tell(request, Contact.objects.take_back(client=client, by=request.user, now=timezone.now()))
    return see_other("home:person", client.pk)


def tell(request: PersonRequest, is_taken_back: bool) -> None:
    if is_taken_back:
        messages.success(request, _("Taken back. No talk is noted."))
    else:
        messages.info(request, _("A talk can be taken back for ten minutes. This one stays as it is."))
