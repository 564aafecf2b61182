from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest
from accounts.models import User
from recovery_site.home import people as composers


@permitted("accounts.view_people")
@require_safe
def people(request: PersonRequest) -> HttpResponse:
    """A clinician reads who is in the house, a manager everybody."""
    today = timezone.localdate()
    if request.user.is_manager:
        return render(request, "home/people_manager.html", composers.everybody(request.user, today))
    return render(request, "home/people_clinician.html", composers.in_the_house(request.user, today))


@permitted("accounts.view_people")
@require_safe
def person(request: PersonRequest, person_id: UUID) -> HttpResponse:
    shown = get_object_or_404(User.objects.visible_to(request.user), pk=person_id)
    context = composers.page_of(shown, reader=request.user, now=timezone.now())
    return render(request, "home/person.html", context)
