from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import activate
from django.utils.translation import gettext as _

from accounts.forms import ProfileForm
from accounts.http import PersonRequest, see_other
from accounts.models import CareTeamMember, Stay, User


def profile(request: PersonRequest) -> HttpResponse:
    own = User.objects.visible_to(request.user).active().filter(pk=request.user.pk)
    if request.method == "POST" and request.user.is_alum:
        raise Http404  # whoever has left reads it (A6)
    sent = request.POST if request.method == "POST" else None
    form = ProfileForm(sent, instance=get_object_or_404(own))
    if request.method == "POST" and form.is_valid():
        # Somebody erased meanwhile gets no name again (A8).
        if not own.update(**form.cleaned_data):
            raise Http404
        activate(form.instance.speaks)  # the word of thanks is read on the next page
        messages.success(request, _("Kept."))
        return see_other("accounts:profile")
    context = {"form": form} | (own_stay(request.user) if request.user.is_client else {})
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


def own_stay(client: User) -> dict[str, Any]:
    """The stay and the care team, as the client reads them."""
    team = CareTeamMember.objects.visible_to(client).standing().filter(client=client)
    return {
        "team": team.select_related("clinician").primary_first(),
        "stays": Stay.objects.visible_to(client).filter(client=client),
    }
