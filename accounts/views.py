from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.forms import InvitationForm, ProfileForm
from accounts.http import PersonRequest, see_other
from accounts.models import AccessRecord, Invitation, User
from accounts.models.invitation import InvitationSpent

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
    return render(request, "accounts/access.html", {"looks": [*reversed(lines.values())]})


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the page uses nothing up: mail scanners open it too. Every failure is the same page (A1)."""
    now = timezone.now()
    found = Invitation.objects.open(now).with_token(token).first()
    if found is None:
        return render(request, "accounts/invitation_spent.html")
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found.accept(form.instance, now=now)
        except InvitationSpent:
            return render(request, "accounts/invitation_spent.html")
        except IntegrityError:  # somebody chose the same name a moment ago
            form.add_error("username", _("This name is taken. Please choose another one."))
        else:
            messages.success(request, _("You are all set. Sign in with your new name and password."))
            return see_other("account_login")
    context = {"form": form, "role": found.get_role_display()}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)
