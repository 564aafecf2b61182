from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.forms import ProfileForm
from accounts.http import PersonRequest, see_other
from accounts.models import AccessRecord, User

LOOKS_SHOWN = 100


def profile(request: PersonRequest) -> HttpResponse:
    form = ProfileForm(
        request.POST or None, instance=User.objects.visible_to(request.user).get(pk=request.user.pk)
    )
    if request.method == "POST" and form.is_valid():
        form.instance.save(update_fields=form.Meta.fields)
        messages.success(request, _("Kept."))
        return see_other("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def access(request: PersonRequest) -> HttpResponse:
    looks = (
        AccessRecord.objects.visible_to(request.user).select_related("actor").order_by("-at")[:LOOKS_SHOWN]
    )
    # One line for what one person opened again and again within an hour (security design, 3.4).
    lines = {(look.actor_id, look.what, f"{look.at:%Y-%m-%d %H}"): look for look in reversed(looks)}
    own = AccessRecord(subject_id=request.user.pk)  # for the line that says who reads such a row
    return render(request, "accounts/access.html", {"looks": [*reversed(lines.values())], "own": own})
