"""Holidays, and what becomes of the sessions on them (T9)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.forms.days import HolidayForm
from groups.forms.saving import taken_meanwhile
from groups.models import Holiday, Session, places
from groups.models.session_queries import SessionQuerySet

SHOWN = 150  # sessions at a time; a holiday of a few days has fewer


@permitted("groups.view_schedule")
def holiday_list(request: PersonRequest) -> HttpResponse:
    """Staff see which days they are; managers add to them."""
    form = None
    if request.user.has_perm("groups.manage_holidays"):
        form = HolidayForm(request.POST if request.method == "POST" else None)
    elif request.method == "POST":
        raise Http404
    if form and request.method == "POST" and form.is_valid():
        with taken_meanwhile(form):
            return kept(request, form)
    now = timezone.now()
    holidays = Holiday.objects.ahead(timezone.localdate(now)).with_undecided(now)
    context = {"form": form, "holidays": holidays}
    return render(request, "groups/holiday_list.html", context, status=422 if form and form.errors else 200)


@permitted("groups.manage_holidays")
def holiday_edit(request: PersonRequest, holiday_id: UUID) -> HttpResponse:
    holiday = get_object_or_404(Holiday, pk=holiday_id)
    form = HolidayForm(request.POST if request.method == "POST" else None, instance=holiday)
    if request.method == "POST" and form.is_valid():
        with taken_meanwhile(form):
            return kept(request, form)
    context = {"form": form, "holiday": holiday}
    return render(request, "groups/holiday_form.html", context, status=422 if form.errors else 200)


def kept(request: PersonRequest, form: HolidayForm) -> HttpResponse:
    holiday: Holiday = form.instance
    if holiday._state.adding:
        holiday.made_by, holiday.made_at = request.user, timezone.now()
    with transaction.atomic():
        holiday.save()
    messages.success(request, _("Kept. Nothing is cancelled by it: decide on each session below."))
    return see_other(holiday)


@require_POST
@permitted("groups.manage_holidays")
def holiday_removal(request: PersonRequest, holiday_id: UUID) -> HttpResponse:
    """Its sessions stay as they are, also those that were cancelled."""
    get_object_or_404(Holiday, pk=holiday_id).delete()
    messages.success(request, _("The holiday is taken off the list. No session was changed."))
    return see_other("groups:holiday_list")


@require_safe
@permitted("groups.view_schedule")
def holiday_detail(request: PersonRequest, holiday_id: UUID) -> HttpResponse:
    """What is on these days and not decided yet, with what this person may do about it."""
    holiday = get_object_or_404(Holiday, pk=holiday_id)
    waiting = undecided(request, holiday)
    sessions = list(waiting.with_faces().in_order()[:SHOWN])
    places.total(sessions)
    mine = [session for session in sessions if session.is_in_hands_of(request.user)]
    context = {
        "holiday": holiday,
        "rows": [(session, session in mine) for session in sessions],
        "more": waiting.count() - SHOWN if len(sessions) == SHOWN else 0,
        "mine": mine,
        "people": Session.objects.filter(pk__in=[session.pk for session in mine]).number_of_people(),
        "decided": decided(request, holiday),
    }
    return render(request, "groups/holiday_detail.html", context)


def decided(request: PersonRequest, holiday: Holiday) -> list[tuple[Session, bool]]:
    """What takes place or was called off on these days, and whether this person can decide otherwise."""
    now = timezone.now()
    sessions = Session.objects.visible_to(request.user).decided_for(holiday, now).with_faces().in_order()
    return [
        (session, session.is_in_hands_of(request.user) and not session.has_begun(now))
        for session in sessions[:SHOWN]
    ]


@require_POST
@permitted("groups.schedule_session")
def holiday_keeping(request: PersonRequest, holiday_id: UUID) -> HttpResponse:
    """These take place: those that the page showed, as far as this person has them in hand."""
    holiday = get_object_or_404(Holiday, pk=holiday_id)
    if "open" in request.POST:
        return decide_again(request, holiday)
    chosen = in_hands(request, holiday, request.POST.getlist("session"))
    number = holiday.keep([session.pk for session in chosen], by=request.user, now=timezone.now())
    words = ngettext("One session takes place.", "%(number)s sessions take place.", number)
    messages.success(request, words % {"number": number} if number else _("They are decided already."))
    return see_other(holiday)


def decide_again(request: PersonRequest, holiday: Holiday) -> HttpResponse:
    named = [pk for pk in request.POST.getlist("session") if is_uuid(pk)]
    mine = Session.objects.visible_to(request.user).in_hands_of(request.user).filter(pk__in=named)
    if holiday.reopen([session.pk for session in mine], now=timezone.now()):
        messages.success(request, _("It waits for a decision again."))
    return see_other(holiday)


@permitted("groups.schedule_session")
def holiday_cancellation(request: PersonRequest, holiday_id: UUID) -> HttpResponse:
    """Who is told, for what is undecided or for ?session=; POST calls off what the page showed (B9)."""
    holiday = get_object_or_404(Holiday, pk=holiday_id)
    if request.method == "POST":
        chosen = in_hands(request, holiday, request.POST.getlist("session"))
        gone = holiday.cancel([session.pk for session in chosen], by=request.user, now=timezone.now())
        words = ngettext("One session is cancelled.", "%(number)s sessions are cancelled.", len(gone))
        done = words % {"number": len(gone)} + " " + _("Everyone on the list is told.")
        messages.success(request, done if gone else _("They are decided already."))
        return see_other(holiday)
    sessions = in_hands(request, holiday, request.GET.getlist("session") or None)
    found = list(sessions.select_related("group", "room").in_order()[:SHOWN])
    people = Session.objects.filter(pk__in=[session.pk for session in found]).number_of_people()
    context: dict[str, Any] = {"holiday": holiday, "sessions": found, "people": people}
    return render(request, "groups/holiday_cancellation.html", context)


def undecided(request: PersonRequest, holiday: Holiday) -> SessionQuerySet:
    now = timezone.now()
    return Session.objects.visible_to(request.user).undecided_for(holiday, now)


def in_hands(request: PersonRequest, holiday: Holiday, ids: Iterable[str] | None) -> SessionQuerySet:
    """The undecided ones that this person decides on; of those named, where any are."""
    sessions = undecided(request, holiday).in_hands_of(request.user)
    return sessions if ids is None else sessions.filter(pk__in=[pk for pk in ids if is_uuid(pk)])


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
