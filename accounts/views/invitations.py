"""Inviting somebody (staff), and what the invited person opens (A1)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.inviting.forms import How, InviteForm
from accounts.inviting.qr import qr_code
from accounts.models import Invitation
from accounts.models.invitation import SentBefore
from accounts.models.invitation_queries import guests_known_to
from notifications.models import Heartbeat, quiet_end

SHOWN = 20


@permitted("accounts.invite_client")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("address", "label")
def invite(request: PersonRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = InviteForm(data, inviter=request.user)
    if form.is_valid():
        return invited(request, form)
    context = {"form": form, "days": settings.INVITATION_DAYS, **listed(request)}
    return render(request, "accounts/invite.html", context, status=422 if form.errors else 200)


def invited(request: PersonRequest, form: InviteForm) -> HttpResponse:
    """The card, which is this answer and stands nowhere else; or the list, once an e-mail is on its way."""
    now, fields = timezone.now(), form.cleaned_data
    chosen = {name: fields[name] for name in ("role", "label", "client_token")}
    try:
        if fields["how"] == How.MAIL:
            Invitation.objects.mail(fields["address"], by=request.user, now=now, **chosen)
            messages.success(request, when_it_goes(now))
            return see_other("accounts:invite")
        made, token = Invitation.objects.issue(by=request.user, now=now, **chosen)
    except SentBefore:
        messages.info(request, _("This form was sent before. A card is shown only once."))
        return see_other("accounts:invite")
    return card_page(request, made, token)


def when_it_goes(now: datetime) -> str:
    if Heartbeat.silent(now):
        return _("The e-mail waits. It goes out as soon as messages go out again.")
    return _("The e-mail goes out in the morning.") if quiet_end(None, now) else _("The e-mail goes out now.")


def card_page(request: PersonRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Shown once, to be printed. Nothing on it says what this place is: a lost card must not tell."""
    address = settings.SITE_URL + reverse("accounts:invitation", args=[token])
    context = {"invitation": invitation, "address": address, "qr": qr_code(address)}
    context["minutes"] = settings.SIGN_IN_CARD_MINUTES
    return render(request, "accounts/card.html", context)


def listed(request: PersonRequest) -> dict[str, Any]:
    """The invitations that this person may see, newest first, and cards that wait for a second person."""
    now = timezone.now()
    rows = Invitation.objects.visible_to(request.user).for_newcomers().with_mail().newest_first()
    if last := last_seen(request):
        rows = rows.after(last)
    found = list(rows.select_related("issued_by", "used_by", "revoked_by")[: SHOWN + 1])
    named = guests_known_to(request.user, found, now)
    return {
        "rows": [
            (row, row.words(now, names_guest=row.used_by_id in named), row.is_open(now))
            for row in found[:SHOWN]
        ],
        "more": f"?after={found[SHOWN - 1].pk}" if len(found) > SHOWN else None,
        "later": last,
        "cards": Invitation.objects.cards_waiting(now)
        .cards_seen_by(request.user)
        .select_related("person", "issued_by"),
    }


def last_seen(request: PersonRequest) -> Invitation | None:
    """The row that "Show more" goes on from; None for one that was made up."""
    try:
        return (
            Invitation.objects.visible_to(request.user).filter(pk=UUID(request.GET.get("after", ""))).first()
        )
    except ValueError:
        return None


@permitted("accounts.invite_client")
@require_POST
def revocation(request: PersonRequest, invitation_id: UUID) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.visible_to(request.user), pk=invitation_id)
    if found.revoke(by=request.user, now=timezone.now()):
        messages.success(request, _("Taken back. It opens nothing any more."))
    else:
        messages.info(request, _("It was used, taken back, or over before. Nothing changed."))
    return see_other("accounts:invite")
