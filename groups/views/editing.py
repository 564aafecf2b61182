"""A series looked at, changed and ended, and the last change taken back (T6, T7, T8)."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.clashes import Clashes, in_few_lines
from groups.edits import changing
from groups.edits.plan import next_day
from groups.edits.preview import Preview
from groups.forms.clashes import ClashForm, answer_in
from groups.forms.editing import SeriesChangeForm, SeriesEndForm
from groups.models import Booking, Edit, Series, Session
from groups.refusals import EditedMeanwhile, HasLeft, NothingToPlan, Refused
from groups.rule_words import words
from groups.views.sessions import note_look, session_page

SESSIONS_SHOWN, EDITS_SHOWN = 8, 5


@require_safe
@permitted("groups.view_schedule")
def series_detail(request: PersonRequest, series_id: UUID) -> HttpResponse:
    return series_page(request, get_object_or_404(rows(), pk=series_id))


def rows() -> Any:
    return Series.objects.select_related("group", "room", "follows")


def series_page(request: PersonRequest, series: Series, refusal: Refused | None = None) -> HttpResponse:
    now, editable = timezone.now(), series.editable_by(request.user)
    edits = list(Edit.objects.concerning(series).select_related("edited_by", "undone_by")[:EDITS_SHOWN])
    last = next((edit for edit in edits if edit.undone_at is None), None)
    ahead = series.sessions.filter(starts_at__gt=now, withdrawn_by=None)
    context = {
        "series": series,
        "words": words(series),
        "people": series.people(),
        "sessions": ahead.next(SESSIONS_SHOWN).shown_to(request.user),
        "skipped": series.skipped.filter(day__gte=timezone.localdate(now)).order_by("day"),
        "edits": edits,
        "undoable": last if last and may_undo(request, last) and last.can_be_undone(now) else None,
        "editable": editable,
        "is_over": next_day(series, now) is None,
        "refusal": refusal,
    }
    return render(request, "groups/series_detail.html", context, status=422 if refusal else 200)


def may_undo(request: PersonRequest, edit: Edit) -> bool:
    return request.user.has_perm("groups.schedule_session") and edit.undoable_by(request.user)


def mine(request: PersonRequest, series_id: UUID) -> Series:
    series: Series = get_object_or_404(rows(), pk=series_id)
    if not series.editable_by(request.user):
        raise Http404
    return series


def given(request: PersonRequest) -> QueryDict | None:
    """Also an empty one: it was sent."""
    return request.POST if request.method == "POST" else None


def change_form(request: PersonRequest, series: Series) -> SeriesChangeForm:
    """404 for a series of which nothing is ahead."""
    now, session = timezone.now(), None
    with suppress(ValueError):
        asked = UUID(request.GET.get("session", ""))
        session = (
            Session.objects.visible_to(request.user)
            .filter(series=series, starts_at__gt=now, pk=asked)
            .first()
        )
    try:
        return SeriesChangeForm(given(request), series=series, session=session, now=now)
    except NothingToPlan:
        raise Http404 from None


@permitted("groups.schedule_session")
def series_change(request: PersonRequest, series_id: UUID) -> HttpResponse:
    if edit := sent_before(request):
        return changed(request, edit)
    series = mine(request, series_id)
    form = change_form(request, series)
    if request.method != "POST" or not form.is_valid():
        return change_page(request, form)
    try:
        edit = changing.change(
            series,
            form.wish(),
            scope=form.cleaned_data["scope"],
            since=form.since,
            token=form.cleaned_data["client_token"],
            mark=form.cleaned_data["mark"],
            answer=answer_in(request.POST),
            by=request.user,
            now=form.now,
        )
    except Clashes as error:
        return change_page(request, form, clashes=error)
    except Refused as refusal:
        return refused(request, form, refusal)
    return changed(request, edit)


def sent_before(request: PersonRequest) -> Edit | None:
    return Edit.objects.sent_before(request.POST.get("client_token", ""), request.user)


def changed(request: PersonRequest, edit: Edit) -> HttpResponse:
    messages.success(request, _("The series is changed. Everyone concerned will be told."))
    return see_other(edit.outcome)


def refused(request: PersonRequest, form: SeriesChangeForm, refusal: Refused) -> HttpResponse:
    """What was typed stays; sent again, it is held against the series as it is by then."""
    field = {NothingToPlan: "until", HasLeft: "lead"}.get(type(refusal))
    form.add_error(field, str(refusal))
    stale = isinstance(refusal, EditedMeanwhile)
    if stale:
        form.renew(request.POST)
    return change_page(request, form, status=409 if stale else 422)


def change_page(
    request: PersonRequest, form: SeriesChangeForm, *, clashes: Clashes | None = None, status: int = 422
) -> HttpResponse:
    clash_form = ClashForm(clashes.found, by=request.user, data=request.POST) if clashes else None
    context = {"form": form, "clash_form": clash_form} | about(form)
    return render(
        request, "groups/series_change.html", context, status=status if request.method == "POST" else 200
    )


def about(form: SeriesChangeForm) -> dict[str, Any]:
    return {"series": form.series, "session": form.session, "words": words(form.series)}


@require_POST
@permitted("groups.schedule_session")
def series_change_preview(request: PersonRequest, series_id: UUID) -> HttpResponse:
    """What would happen, in words and numbers; nothing is written."""
    form = change_form(request, mine(request, series_id))
    context: dict[str, Any] = {"form": form, "previewed": True} | about(form)
    if form.is_valid():
        try:
            wish, scope = form.wish(), form.cleaned_data["scope"]
            plan = changing.preview(form.series, wish, scope=scope, since=form.since, now=form.now)
            context |= {"preview": Preview(plan), "taken": in_few_lines(plan.clashes())}
        except NothingToPlan as refusal:
            context["refusal"] = refusal
    template = "groups/series_change.html" + ("#preview" if request.htmx else "")
    return render(request, template, context)


@permitted("groups.schedule_session")
def series_end(request: PersonRequest, series_id: UUID) -> HttpResponse:
    if edit := sent_before(request):
        return ended(request, edit)
    series, now, found, stale = mine(request, series_id), timezone.now(), [], False
    start = {"mark": changing.mark_of(series), "client_token": uuid.uuid4(), "on": timezone.localdate(now)}
    form = SeriesEndForm(given(request), initial=start)
    valid = request.method == "POST" and form.is_valid()
    if valid and form.is_sure:
        data = form.cleaned_data
        try:
            token, mark = data["client_token"], data["mark"]
            return ended(request, series.end(on=data["on"], by=request.user, now=now, token=token, mark=mark))
        except Clashes as error:
            found = in_few_lines(error.found)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            if stale := isinstance(refusal, EditedMeanwhile):
                form.renew(request.POST)
    context: dict[str, Any] = {"series": series, "words": words(series), "form": form, "taken": found}
    if valid and not found:
        context |= ending_outlook(request, series, form.cleaned_data["on"], now)
    status = 409 if stale else 422 if form.errors or found else 200
    return render(request, "groups/series_end.html", context, status=status)


def ending_outlook(request: PersonRequest, series: Series, on: date, now: datetime) -> dict[str, Any]:
    """What goes, and by name those who lose a place and whom this person may see (T8); they read that
    somebody looked (A5)."""
    plan = series.ending(on=on, now=now)
    lost = (
        Booking.objects.visible_to(request.user).confirmed().filter(session__in=[one.pk for one in plan.gone])
    )
    rows = lost.select_related("client").order_by("client__chosen_name", "pk")
    people = list({row.client_id: row.client for row in rows}.values())
    note_look(request, [person.pk for person in people])
    return {"preview": Preview(plan), "losing": people, "sure": on.isoformat()}


def ended(request: PersonRequest, edit: Edit) -> HttpResponse:
    messages.success(request, _("The last day is set. Everyone concerned will be told."))
    return see_other(edit.series)


@require_POST
@permitted("groups.schedule_session")
def edit_undo(request: PersonRequest, edit_id: UUID) -> HttpResponse:
    edit = get_object_or_404(Edit.objects.select_related("series", "session"), pk=edit_id)
    of = edit.series or edit.session
    if of is None or not may_undo(request, edit):
        raise Http404
    try:
        edit.undo(by=request.user, now=timezone.now())
    except Refused as refusal:
        if edit.series:
            return series_page(request, rows().get(pk=edit.series.pk), refusal)
        return session_page(request, of.pk, refusal=refusal)
    messages.success(request, _("It is as it was before. Everyone concerned will be told."))
    return see_other(of)
