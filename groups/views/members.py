"""Closed groups: who is in them, who is added, who asks, and who leaves (B6)."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups import expecting
from groups import member_list as people
from groups.forms.members import LastDayForm, MemberForm, MembershipDays
from groups.models import Admission, Group, JoinRequest, Membership
from groups.refusals import AnsweredAlready, Refused
from groups.views.groups import group_page
from groups.views.sessions import note_look

ONE_DAY = timedelta(days=1)


@permitted("groups.view_schedule")
def member_list(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """By name for those who lead the group or care for somebody in it; numbers for everybody else."""
    now = timezone.now()
    with_members = Group.objects.visible_to(request.user).exclude(admission=Admission.OPEN)
    group = get_object_or_404(with_members, pk=group_id)
    form = member_form(request, group)
    if request.method == "POST" and form is None:
        raise Http404
    if form and form.is_valid() and is_added(request, group, form):
        return members_of(group)
    found = people.compose(group, request.user, now)
    note_look(request, [row.membership.client_id for row in found.rows])
    note_look(request, [asked.client_id for asked in found.requests])
    context = {"group": group, "found": found, "form": form, "weeks": expecting.WEEKS_TOLD}
    wrong = form is not None and form.errors
    return render(request, "groups/member_list.html", context, status=422 if wrong else 200)


def is_added(request: PersonRequest, group: Group, form: MemberForm) -> bool:
    client = form.cleaned_data["client"]
    note_look(request, [client.pk])  # also a refusal tells something of them (A5)
    try:
        group.add_member(client, **form.days(), by=request.user, now=timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("%(name)s is a member now, and is told.") % {"name": client})
    return True


def member_form(request: PersonRequest, group: Group) -> MemberForm | None:
    """For a clinician, while there can be members."""
    if not request.user.has_perm("groups.keep_members") or group.admission != Admission.CLOSED:
        return None
    given = request.POST if request.method == "POST" else None
    return MemberForm(given, candidates=people.candidates(group, request.user, timezone.now()))


@permitted("groups.keep_members", "groups.join_session")
def membership_ending(request: PersonRequest, membership_id: UUID) -> HttpResponse:
    """Staff set the last day. A client leaves at once."""
    rows = Membership.objects.visible_to(request.user).select_related("group", "client")
    membership, now = get_object_or_404(rows, pk=membership_id), timezone.now()
    back = see_other(membership.group) if request.user.is_client else members_of(membership.group)
    if membership.is_over(timezone.localdate(now)):
        messages.info(request, _("This time in the group is over already."))
        return back
    if not request.user.is_client:
        return last_day(request, membership, back)
    if request.method == "POST":
        membership.end(on=timezone.localdate(now) - ONE_DAY, by=request.user, now=now)
        messages.success(request, _("You left the group."))
        return back
    return render(request, "groups/membership_leaving.html", {"membership": membership})


def last_day(request: PersonRequest, membership: Membership, back: HttpResponse) -> HttpResponse:
    first = {"on": membership.ends_on or timezone.localdate()}
    form = LastDayForm(request.POST if request.method == "POST" else None, initial=first)
    note_look(request, [membership.client_id])
    if request.method == "POST" and form.is_valid():
        try:
            membership.end(on=form.cleaned_data["on"], by=request.user, now=timezone.now())
            messages.success(request, _("Kept. They are told that there is a last day."))
            return back
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"membership": membership, "form": form}
    return render(request, "groups/membership_ending.html", context, status=422 if form.errors else 200)


def members_of(group: Group) -> HttpResponse:
    return see_other("groups:member_list", group.pk)


@require_POST
@permitted("groups.join_session")
def join_request(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """A client asks to come to a closed group."""
    group = get_object_or_404(Group.objects.visible_to(request.user).running(), pk=group_id)
    try:
        group.ask_to_join(by=request.user, now=timezone.now(), agreed=request.POST.get("agreed", ""))
    except Refused as refusal:
        return group_page(request, group_id, refusal=refusal)
    messages.success(request, _("You asked. We tell you here when there is an answer."))
    return see_other(group)


@require_POST
@permitted("groups.join_session")
def group_promise(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """A client whom others put on the lists accepts the agreement as it reads now."""
    group = get_object_or_404(Group.objects.visible_to(request.user).running(), pk=group_id)
    try:
        group.promise(by=request.user, now=timezone.now(), agreed=request.POST.get("agreed", ""))
    except Refused as refusal:
        return group_page(request, group_id, refusal=refusal)
    messages.success(request, _("Kept. Thank you."))
    return see_other(group)


@require_POST
@permitted("groups.join_session")
def join_request_withdrawal(request: PersonRequest, group_id: UUID) -> HttpResponse:
    """They would rather not, for now. Who asks nothing has taken it back already."""
    group = get_object_or_404(Group.objects.visible_to(request.user), pk=group_id)
    mine = JoinRequest.objects.visible_to(request.user).open().filter(client=request.user.pk, group=group)
    try:
        for asked in mine:
            asked.take_back(by=request.user, now=timezone.now())
    except AnsweredAlready as refusal:  # a moment ago: the page says what became of it
        messages.info(request, str(refusal))
    return see_other(group)


@permitted("groups.keep_members")
def join_request_welcome(request: PersonRequest, request_id: UUID) -> HttpResponse:
    """From when on somebody who asked is a member."""
    asked = request_of(request, request_id)
    form = MembershipDays(request.POST if request.method == "POST" else None)
    note_look(request, [asked.client_id])
    if asked.answer and request.method != "POST":
        messages.info(request, str(AnsweredAlready.message))
        return members_of(asked.group)
    if request.method == "POST" and form.is_valid():
        try:
            asked.welcome(**form.days(), by=request.user, now=timezone.now())
            messages.success(request, _("They are a member now, and are told."))
            return members_of(asked.group)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"asked": asked, "form": form}
    return render(request, "groups/join_request_welcome.html", context, status=422 if form.errors else 200)


@require_POST
@permitted("groups.keep_members")
def join_request_refusal(request: PersonRequest, request_id: UUID) -> HttpResponse:
    asked = request_of(request, request_id)
    try:
        asked.refuse(by=request.user, now=timezone.now())
        messages.success(request, _("They are told that it is not possible now."))
    except AnsweredAlready as refusal:
        messages.info(request, str(refusal))
    return members_of(asked.group)


def request_of(request: PersonRequest, request_id: UUID) -> JoinRequest:
    rows = JoinRequest.objects.visible_to(request.user).select_related("group", "client")
    return get_object_or_404(rows, pk=request_id)
