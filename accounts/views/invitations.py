from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import InvitationForm
from accounts.http import see_other
from accounts.models import Invitation
from accounts.models.invitation import InvitationSpent


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
