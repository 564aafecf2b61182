from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.gates import permitted, recently_signed_in
from accounts.http import PersonRequest, see_other
from accounts.models import Stay, User
from recovery_site import actions
from recovery_site.home import letting_go as composers
from recovery_site.home import people
from recovery_site.home.letting_go import DeathForm, DepartureForm, HandOverForm
from recovery_site.home.views.stays import FORM_METHODS, client_of, posted


@permitted("accounts.manage_stays")
@require_http_methods(FORM_METHODS)
def discharge(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """What a discharge does, before it is done; once it is, what is left to the client."""
    client = client_of(request, person_id)
    stay = open_stay(request, client)
    if stay is None:
        return discharged(request, client)
    form = DepartureForm(posted(request), first=stay.admitted_on, today=timezone.localdate())
    if done(request, form, client, actions.discharge):
        return see_other("home:discharge", client.pk)
    return discharge_page(request, client, form)


@permitted("accounts.manage_stays")
@require_http_methods(FORM_METHODS)
def reach_out_handover(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """What nobody has seen to, or can read, goes into the hands of one clinician."""
    client, now = client_of(request, person_id), timezone.now()
    waiting = actions.waiting_of(client)
    form = HandOverForm(posted(request), client=client)
    if waiting and form.is_bound and form.kept(by=request.user, now=now):
        words = _("%(name)s reads that this talk is theirs now.")
        messages.success(request, words % {"name": form.cleaned_data["to"]})
        waiting = []
    if not waiting:
        return see_other("home:discharge" if open_stay(request, client) else "home:person", client.pk)
    people.note(client, reader=request.user, now=now)
    context = {"client": client, "hand_over": form, "waiting": [composers.since(task) for task in waiting]}
    return render(request, "home/reach_out.html", context, status=422 if form.errors else 200)


@permitted("accounts.manage_stays")
@recently_signed_in
@sensitive_post_parameters("name")
@require_http_methods(FORM_METHODS)
def death(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """Closes the account at once. A new admission opens it, if this was a mistake."""
    client = client_of(request, person_id)
    if not client.is_active:
        return see_other("home:person", client.pk)
    stay = open_stay(request, client)
    first, today = stay.admitted_on if stay else None, timezone.localdate()
    form = DeathForm(posted(request), client=client, first=first, today=today)
    if done(request, form, client, actions.record_death):
        messages.success(request, _("The account is closed. Nothing more is sent to it."))
        return see_other("home:person", client.pk)
    people.note(client, reader=request.user, now=timezone.now())
    context = {"client": client, "form": form}
    return render(request, "home/death.html", context, status=422 if form.errors else 200)


def done(request: PersonRequest, form: DepartureForm, client: User, action: Callable[..., None]) -> bool:
    """Whether the form was sent and the action went through; if not, the form says why."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        action(client=client, by=request.user, now=timezone.now(), **form.cleaned_data)
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def discharge_page(request: PersonRequest, client: User, form: DepartureForm) -> HttpResponse:
    now = timezone.now()
    effects = actions.effects_of_leaving(client=client, on=form.day, now=now)
    if effects is None:  # a colleague was first
        return see_other("home:discharge", client.pk)
    form.show(effects.mark)
    people.note(client, reader=request.user, now=now)
    context: dict[str, Any] = {
        "client": client,
        "form": form,
        "hand_over": HandOverForm(None, client=client),
        **composers.in_words(effects),
        **composers.what_stays(client, now),
    }
    return render(request, "home/discharge.html", context, status=422 if form.errors else 200)


def discharged(request: PersonRequest, client: User) -> HttpResponse:
    if not client.is_alum:
        raise Http404
    now = timezone.now()
    people.note(client, reader=request.user, now=now)
    stays = Stay.objects.visible_to(request.user).filter(client=client)
    talks = {"waits": bool(actions.waiting_of(client)), "in_hands": actions.in_hands_for(client)}
    context = {"client": client, "stay": stays.first(), **talks, **composers.what_stays(client, now)}
    return render(request, "home/discharge_done.html", context)


def open_stay(request: PersonRequest, client: User) -> Stay | None:
    stays = Stay.objects.visible_to(request.user).filter(client=client)
    return stays.not_over(timezone.localdate()).first()
