from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted, showed_it_is_them
from accounts.http import PersonRequest, see_other
from accounts.models import EmergencyAccess, User
from accounts.vault import Unreadable
from checkins.models import CheckIn
from recovery_site.home import emergency as composers
from recovery_site.home.forms import EmergencyForm


@permitted("accounts.open_in_emergency")
@sensitive_post_parameters("reason")
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """First whom to call, then the reason. What was typed stays, also when a sign-in is asked for again."""
    now, is_them = timezone.now(), showed_it_is_them(request)
    shown = get_object_or_404(EmergencyAccess.objects.reach_of(request.user, now), pk=person_id)
    if EmergencyAccess.objects.opened_to(request.user, now).filter(pk=shown.pk).exists():
        return see_other("home:person", shown.pk)
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and is_them and opened(request, shown, form):
        messages.success(request, _("The page is open for you. The care team and the client are told."))
        return see_other("home:person", shown.pk)
    context = composers.before(shown) | {"form": form, "is_them": is_them}
    return render(request, "home/emergency.html", context, status=422 if form.is_bound else 200)


def opened(request: PersonRequest, client: User, form: EmergencyForm) -> bool:
    """Whether the access began; not where the reason cannot be kept, for nothing opens without one."""
    reason = form.cleaned_data["reason"]
    try:
        EmergencyAccess.objects.begin(client=client, by=request.user, reason=reason, now=timezone.now())
    except Unreadable:
        form.add_error(None, _("The reason cannot be kept just now, so the page stays closed. Please call."))
        return False
    return True


@permitted("accounts.open_in_emergency")
@require_POST
def emergency_ending(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """ "I am done": the page closes before the hour is over."""
    now = timezone.now()
    shown = get_object_or_404(EmergencyAccess.objects.reach_of(request.user, now), pk=person_id)
    EmergencyAccess.objects.done(client=shown, by=request.user, now=now)
    messages.success(request, _("The page is closed for you again."))
    return see_other("home:people")


def person_in_emergency(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """The page of a client of others, as long as the access stands; to everybody else it is not there."""
    now = timezone.now()
    shown = get_object_or_404(EmergencyAccess.objects.opened_to(request.user, now), pk=person_id)
    context = composers.page_of(shown, reader=request.user, now=now)
    context["a_check_in"] = CheckIn(client=shown)  # for the line that says who reads such a row
    return render(request, "home/person_in_emergency.html", context)
