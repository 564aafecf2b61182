"""/duty/: who is on call. Clinicians read it, managers plan it (K7)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.duty_forms import PlanForm, ShiftForm
from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import DutyShift
from accounts.models.duty import by_day

DAYS_SHOWN = 28
DAYS_OF_GAPS = 7


@permitted("accounts.view_duty")
@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: PersonRequest) -> HttpResponse:
    may_plan = request.user.has_perm("accounts.manage_duty")
    form = PlanForm(request.POST if request.method == "POST" else None) if may_plan else None
    if request.method == "POST" and form and form.is_valid():
        try:
            planned = len(DutyShift.objects.plan(**form.cleaned_data))
        except ValidationError as refusal:
            form.add_error("day", refusal)
        else:
            text = ngettext("Planned.", "Planned for %(number)s weeks.", planned)
            messages.success(request, text % {"number": planned})
            return see_other("accounts:duty")
    status = 422 if form and form.errors else 200
    return render(request, "accounts/duty.html", coming(request) | {"form": form}, status=status)


def coming(request: PersonRequest) -> dict[str, Any]:
    """Four weeks ahead, and the times of the next seven days at which nobody would be called."""
    now = timezone.now()
    shifts = DutyShift.objects.during(now, now + timedelta(days=DAYS_SHOWN)).by_people_here()
    rows = list(shifts.select_related("clinician"))
    return {
        "days": list(by_day(rows)),
        "on_call": [shift for shift in rows if shift.starts_at <= now],
        "gaps": DutyShift.objects.gaps(now, now + timedelta(days=DAYS_OF_GAPS)),
        "may_plan": request.user.has_perm("accounts.manage_duty"),
    }


@permitted("accounts.manage_duty")
@require_http_methods(["GET", "HEAD", "POST"])
def duty_edit(request: PersonRequest, shift_id: UUID) -> HttpResponse:
    shift = get_object_or_404(DutyShift.objects.select_related("clinician"), pk=shift_id)
    form = ShiftForm(request.POST if request.method == "POST" else None, shift=shift)
    if form.is_bound and form.is_valid():
        try:
            shift.change(**form.cleaned_data)
        except ValidationError as refusal:
            form.add_error("day", refusal)
        else:
            messages.success(request, _("Kept."))
            return see_other("accounts:duty")
    shown = DutyShift.objects.select_related("clinician").get(pk=shift_id)
    context = {"form": form, "shift": shown}
    return render(request, "accounts/duty_edit.html", context, status=422 if form.errors else 200)


@permitted("accounts.manage_duty")
@require_POST
def duty_removal(request: PersonRequest, shift_id: UUID) -> HttpResponse:
    """Twice is once."""
    if DutyShift.objects.filter(pk=shift_id).delete()[0]:
        messages.success(request, _("Taken out."))
    return see_other("accounts:duty")
