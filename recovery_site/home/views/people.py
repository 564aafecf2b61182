from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest
from accounts.models import User
from recovery_site.home import people as composers
from recovery_site.home import people_list
from recovery_site.home.people_forms import FindForm
from recovery_site.home.views.emergency import person_in_emergency


@permitted("accounts.view_people")
@sensitive_post_parameters("q")
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: PersonRequest) -> HttpResponse:
    """A clinician reads who is in the house, a manager everybody.

    Words to find somebody by come by POST, so that no name stands in an address.
    """
    form = FindForm(request.POST if request.method == "POST" else {**request.GET.dict(), "q": ""})
    asked, now = form.asked(), timezone.now()
    if request.user.is_manager:
        context = people_list.for_manager(request.user, now, **asked)
    else:
        context = people_list.for_clinician(request.user, now, words=asked["words"], after=asked["after"])
    template = f"home/people_{request.user.role}.html"
    if request.htmx:
        template += "#people"
    context |= {"form": form, "words": asked["words"]}
    return render(request, template, context, status=422 if "q" in form.errors else 200)


@permitted("accounts.view_people")
@require_safe
def person(request: PersonRequest, person_id: UUID) -> HttpResponse:
    shown = User.objects.visible_to(request.user).filter(pk=person_id).first()
    if shown is None:
        return person_in_emergency(request, person_id)
    context = composers.page_of(shown, reader=request.user, now=timezone.now())
    return render(request, "home/person.html", context)
