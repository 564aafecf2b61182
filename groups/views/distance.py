"""A client hides from one other person, without that person being told."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import User
from groups.forms.company import PersonForm
from groups.models import Company, Distance, Encouragement, Group
from groups.views.company import session_of


@permitted("groups.encourage")
@require_http_methods(["GET", "HEAD", "POST"])
def distance(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """From somebody whose name they read in this session."""
    session = session_of(request, session_id)
    people = Company.objects.beside(request.user, session, timezone.now())
    form = PersonForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        hide(request, form.person, session.group)
        return see_other(session)
    context = {"form": form, "session": session, "people": people}
    return render(request, "groups/distance.html", context, status=422 if form.errors else 200)


@permitted("groups.encourage")
@require_POST
def encouragement_distance(request: PersonRequest, encouragement_id: UUID) -> HttpResponse:
    """From somebody who sent them something."""
    received = Encouragement.objects.visible_to(request.user).filter(recipient=request.user.pk)
    row = get_object_or_404(received.select_related("sender", "group"), pk=encouragement_id)
    hide(request, row.sender, row.group)
    return see_other("home:today")


@permitted("groups.encourage")
@require_POST
def distance_ending(request: PersonRequest, distance_id: UUID) -> HttpResponse:
    get_object_or_404(Distance.objects.visible_to(request.user), pk=distance_id).delete()
    messages.success(request, _("You do not hide from them any more."))
    return see_other("groups:company")


def hide(request: PersonRequest, other: User, group: Group) -> None:
    own = Distance.objects.visible_to(request.user)
    own.keep(request.user, other=other, group=group, now=timezone.now())
    messages.success(
        request,
        _("Done. You do not read each other's names here, and neither can send the other anything."),
    )
