from allauth.core.internal import ratelimit
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import addresses
from accounts.gates import recently_signed_in
from accounts.http import PersonRequest, see_other
from accounts.inviting.forms import AddressForm

LINKS = {"address_link": "3/h/user"}  # nobody has mails sent to strangers without end


@recently_signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def address_edit(request: PersonRequest) -> HttpResponse:
    """It leads to a new password, so it is asked once more who this is.

    A new address waits for its link to be opened; the answer is the same for one that somebody has.
    """
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and not may_send(request):
        form.add_error(None, _("We have sent three links in the last hour. Please try again in an hour."))
    if form.is_valid():
        addresses.ask(request.user, form.cleaned_data["address"], now=timezone.now())
        messages.success(request, _("We have sent a link there. Open it while you are signed in here."))
        return see_other("accounts:profile")
    return render(request, "accounts/address_edit.html", {"form": form}, status=422 if form.errors else 200)


def may_send(request: PersonRequest) -> bool:
    return bool(ratelimit.consume(request, app="allauth.account", action="address_link", config=LINKS))


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: PersonRequest, token: str) -> HttpResponse:
    """Opening the link asks once more; the button makes the address one's own."""
    found = addresses.opened(token, by=request.user, now=timezone.now())
    if found and request.method == "POST":
        try:
            addresses.keep(request.user, found, now=timezone.now())
        except IntegrityError:  # whoever holds the address may know that it stands at another account
            messages.error(request, _("This address cannot be used here."))
        else:
            messages.success(request, _("Kept. Messages go there from now on."))
        return see_other("accounts:profile")
    return render(request, "accounts/address.html", {"address": found})
