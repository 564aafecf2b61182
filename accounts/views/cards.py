"""A new sign-in card for somebody who is locked out: one member of staff asks, another approves."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import Invitation, User
from accounts.models.invitation import InvitationSpent, OneHand
from accounts.views.invitations import card_page


@permitted("accounts.issue_card")
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: PersonRequest, person_id: UUID) -> HttpResponse:
    people = User.objects.visible_to(request.user).active().exclude(pk=request.user.pk)
    person = get_object_or_404(people, pk=person_id)
    if request.method != "POST":
        return render(request, "accounts/card_asked.html", {"person_shown": person})
    now = timezone.now()
    asked = Invitation.objects.ask_card(person, by=request.user, now=now)
    if asked.issued_by_id != request.user.pk:  # a colleague asked before: this one can approve it
        return see_other("accounts:card_approval", asked.pk)
    if asked.issued_at == now:
        messages.success(request, _("Asked for. A colleague has to approve it, and then sees the card."))
    else:
        time = time_format(timezone.localtime(asked.issued_at), "g:i a")
        messages.info(
            request, _("Already asked for at %(time)s A colleague has to approve it.") % {"time": time}
        )
    return see_other("home:person", person.pk)


@permitted("accounts.issue_card")
@require_http_methods(["GET", "HEAD", "POST"])
def card_approval(request: PersonRequest, card_id: UUID) -> HttpResponse:
    cards = Invitation.objects.cards_seen_by(request.user).exclude(issued_by=request.user)
    found = get_object_or_404(cards.select_related("person", "issued_by"), pk=card_id)
    now = timezone.now()
    if request.method == "POST":
        try:
            token = found.approve(by=request.user, now=now)
        except InvitationSpent:
            messages.info(request, _("This card was approved, taken back, or over before."))
            return see_other("accounts:invite")
        except OneHand:
            return see_other("accounts:card_approval", found.pk)
        found.refresh_from_db()
        return card_page(request, found, token)
    waits = cards.cards_waiting(now).filter(pk=found.pk).exists()
    context = {"card": found, "waits": waits, "person_shown": found.person}
    context["one_hand"] = found.is_one_hand(request.user, now)
    context["minutes"] = settings.SIGN_IN_CARD_MINUTES
    return render(request, "accounts/card_approval.html", context)
