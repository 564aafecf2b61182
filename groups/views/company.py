"""What clients let each other see (visibility table), and a kind sentence from one to another."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.forms.company import CompanyForm, EncouragementForm
from groups.models import Booking, Company, Distance, Encouragement, Session
from groups.models.company import NAMES_FOR, names_stand
from groups.models.encouragement import is_near
from groups.refusals import Refused


@permitted("groups.encourage")
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: PersonRequest) -> HttpResponse:
    """ "Seen by others"."""
    choice = Company.objects.visible_to(request.user)
    own = choice.first() or Company(client=request.user)
    begun_with = {"shows_name": own.shows_name_since, "encouraged": own.encouraged_since}
    form = CompanyForm(request.POST if request.method == "POST" else None, initial=begun_with)
    if request.method == "POST" and form.is_valid():
        choice.choose(request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Kept. It holds from now on."))
        return see_other("groups:company")
    hidden = Distance.objects.visible_to(request.user).select_related("group").order_by("since")
    context = {"form": form, "own": own, "hidden": hidden}
    return render(request, "groups/company.html", context, status=422 if form.errors else 200)


def with_others(
    request: PersonRequest, session: Session, own: Company | None, now: datetime
) -> dict[str, Any]:
    """What the page of a session says about the others in it. Names only to whoever has a place there."""
    is_in = session.my_state == Booking.State.CONFIRMED
    others, beside = max(0, session.confirmed - is_in), []
    is_shown = own is not None and own.is_read_in(session, now)
    if is_in and is_shown:
        beside = Company.objects.beside(request.user, session, now)
    may_send = own is not None and own.encouraged_since and is_near(session, now)
    return {
        "others": others,
        "beside": beside,
        "unnamed": max(0, others - len(beside)),
        "is_shown": is_shown,
        "names_stand": names_stand(session, now),
        "company_is_open": is_in and now < session.ends_at + NAMES_FOR,
        "can_encourage": may_send and any(row.encouraged_since for row in beside),
    }


def session_of(request: PersonRequest, session_id: UUID) -> Session:
    mine = Booking.objects.visible_to(request.user).filter(client=request.user.pk, session=session_id)
    return get_object_or_404(mine.confirmed().select_related("session__group")).session


@permitted("groups.encourage")
@require_POST
def encouragement_ending(request: PersonRequest) -> HttpResponse:
    """Turned off where it is read."""
    Company.objects.visible_to(request.user).refuse_encouragement(request.user)
    messages.success(request, _("Turned off. Nobody can send you kind sentences now."))
    return see_other("home:today")


@permitted("groups.encourage")
@require_http_methods(["GET", "HEAD", "POST"])
def encouragement(request: PersonRequest, session_id: UUID) -> HttpResponse:
    """For whoever has a place in this session; to anybody else it is not told who is in it."""
    session = session_of(request, session_id)
    sent = Encouragement.objects.visible_to(request.user)
    is_sent = request.method == "POST"
    people = (sent.within_reach if is_sent else sent.to_choose)(request.user, session, timezone.now())
    form = EncouragementForm(request.POST if is_sent else None, people=people)
    if form.is_valid():
        sentence = form.cleaned_data["sentence"]
        try:
            sent.send(sentence, to=form.person, session=session, by=request.user, now=timezone.now())
        except Refused as refusal:
            form.add_error("to", str(refusal))
        else:
            messages.success(request, _("Sent. It stands on their Today for two days."))
            return see_other(session)
    all_sent = not people and bool(sent.within_reach(request.user, session, timezone.now()))
    context = {"form": form, "session": session, "people": people, "all_sent": all_sent}
    return render(request, "groups/encouragement.html", context, status=422 if form.errors else 200)
