from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import CareTeamMember, Stay, User
from recovery_site.home import people as composers
from recovery_site.home.people_forms import AdmissionForm, AppointForm, StayForm

FORM_METHODS = ["GET", "HEAD", "POST"]


@permitted("accounts.manage_stays")
@require_http_methods(FORM_METHODS)
def admission(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """A stay begins, with its care team. Whoever lives here already has a stay to change instead."""
    now, client = timezone.now(), client_of(request, person_id)
    today = timezone.localdate(now)
    if client.stays.not_over(today).exists():
        return see_other("home:stay", client.pk)
    form = AdmissionForm(posted(request), by=request.user, today=today)
    if form.is_bound and form.admitted(client, now=now):
        messages.success(request, _("The stay has begun."))
        return see_other("home:person", client.pk)
    composers.note(client, reader=request.user, now=now)
    context = {"client": client, "form": form, "latest": client.stays.first()}
    return render(request, "home/admission.html", context, status=422 if form.errors else 200)


@permitted("accounts.manage_stays")
@require_http_methods(FORM_METHODS)
def stay(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Another bed, another day of arrival."""
    now, client = timezone.now(), client_of(request, person_id)
    stays = Stay.objects.visible_to(request.user).filter(client=client).not_over(timezone.localdate(now))
    stay = get_object_or_404(stays.select_related("client"))
    form = StayForm(posted(request), initial={"admitted_on": stay.admitted_on, "bed": stay.bed})
    if form.is_bound and form.kept(stay, by=request.user, now=now):
        messages.success(request, _("Kept."))
        return see_other("home:person", client.pk)
    composers.note(client, reader=request.user, now=now)
    context = {"client": client, "form": form}
    return render(request, "home/stay.html", context, status=422 if form.errors else 200)


@permitted("accounts.manage_stays")
@require_http_methods(FORM_METHODS)
def care_team(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Who cares for one client, and somebody new."""
    now, client = timezone.now(), client_of(request, person_id)
    form = AppointForm(posted(request), client=client, by=request.user)
    if form.is_bound and form.kept(now=now):
        messages.success(request, _("The care team has changed. The client reads that it did."))
        return see_other("home:care_team", client.pk)
    composers.note(client, reader=request.user, now=now)
    context = composers.stay_and_team(client, request.user, timezone.localdate(now))
    context |= {"client": client, "form": form}
    return render(request, "home/care_team.html", context, status=422 if form.errors else 200)


@permitted("accounts.manage_stays")
@require_POST
def care_team_ending(request: PersonRequest, person_id: UUID, clinician_id: UUID) -> HttpResponse:
    member = member_of(request, person_id, clinician_id)
    try:
        member.end(by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(name)s has left this care team.") % {"name": member.clinician})
    return see_other("home:care_team", person_id)


@permitted("accounts.manage_stays")
@require_POST
def care_team_primary(request: PersonRequest, person_id: UUID, clinician_id: UUID) -> HttpResponse:
    member = member_of(request, person_id, clinician_id)
    try:
        member.make_primary(by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(name)s is the primary clinician now.") % {"name": member.clinician})
    return see_other("home:care_team", person_id)


def client_of(request: PersonRequest, person_id: UUID) -> User:
    clients = User.objects.visible_to(request.user).clients().filter(erased_at=None)
    return get_object_or_404(clients, pk=person_id)


def member_of(request: PersonRequest, person_id: UUID, clinician_id: UUID) -> CareTeamMember:
    """The latest membership of this clinician, also one that a colleague has just ended."""
    members = CareTeamMember.objects.visible_to(request.user).select_related("client", "clinician")
    found = members.filter(client=person_id, clinician=clinician_id).order_by("-started_at")[:1]
    return get_object_or_404(found)


def posted(request: PersonRequest) -> Any:
    return request.POST if request.method == "POST" else None
