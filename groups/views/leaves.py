from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.forms.leaves import LeaveForm
from groups.models import Leave, Session
from groups.refusals import HasLeft


@permitted("groups.take_leave", "groups.manage_leave")
def leave_list(request: PersonRequest) -> HttpResponse:
    """Who is away. Before a leave is noted, the page says which sessions fall in it."""
    form = LeaveForm(request.POST if request.method == "POST" else None, by=request.user)
    now = timezone.now()
    falling: list[Session] = []
    if request.method == "POST" and form.is_valid():
        falling = list(form.leave().sessions(now).with_faces())
        if {str(session.pk) for session in falling} <= set(request.POST.getlist("seen")):
            return noted(request, form, falling)
    leaves = Leave.objects.visible_to(request.user).ahead(timezone.localdate(now))
    rows = [(leave, leave.is_in_hands_of(request.user)) for leave in leaves.with_sessions(now)]
    context = {"form": form, "falling": falling, "leaves": rows}
    return render(request, "groups/leave_list.html", context, status=422 if form.errors else 200)


def noted(request: PersonRequest, form: LeaveForm, falling: list[Session]) -> HttpResponse:
    days = {"first": form.cleaned_data["first"], "last": form.cleaned_data["last"]}
    try:
        Leave.objects.note(person=form.person(), **days, by=request.user, now=timezone.now())
    except HasLeft as refusal:
        messages.error(request, str(refusal))
        return see_other("groups:leave_list")
    messages.success(request, _("Noted. Now find who stands in.") if falling else _("Noted."))
    return see_other("groups:attention" if falling else "groups:leave_list")


@permitted("groups.take_leave", "groups.manage_leave")
def leave_ending(request: PersonRequest, leave_id: UUID) -> HttpResponse:
    """They are back, or did not go."""
    leave = get_object_or_404(Leave.objects.visible_to(request.user).select_related("person"), pk=leave_id)
    if not leave.is_in_hands_of(request.user):
        raise Http404
    if request.method == "POST":
        leave.end(by=request.user, now=timezone.now())
        messages.success(request, _("The leave is taken off the list."))
        return see_other("groups:leave_list")
    stood_in = leave.stood_in(timezone.now()).with_faces()
    return render(request, "groups/leave_ending.html", {"leave": leave, "stood_in": stood_in})
