"""What somebody opens who holds a card or a link: a first account, or the way back into one (A1, A2)."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import addresses
from accounts.http import see_other
from accounts.inviting.forms import NewcomerForm, PasswordForm
from accounts.inviting.names import suggestion
from accounts.models import Invitation, User
from accounts.models.invitation import InvitationSpent
from accounts.roles import Role

TRIES = {"arrival": "20/h/key"}


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the page uses nothing up: mail scanners open it too. Every failure is the same page (A1).

    The token stays in the address until it is used: a session to carry it instead would hold it in clear in
    the database, where only its hash may stand. It works once, and no browser or proxy keeps the page.
    """
    found = Invitation.objects.open(timezone.now()).with_token(token).select_related("person").first()
    try:
        if found is None:
            raise InvitationSpent
        return come_back(request, found, found.person) if found.person else arrive(request, found)
    except InvitationSpent:
        return render(request, "accounts/invitation_spent.html")


def arrive(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Makes the account and signs in. Raises InvitationSpent when another was first."""
    data = request.POST if request.method == "POST" else None
    form = NewcomerForm(data, initial={"username": suggestion()} if data is None else None)
    if form.is_valid():
        now = timezone.now()
        form.instance.language = get_language() or ""
        try:
            with transaction.atomic():
                found.accept(form.instance, now=now)
                if address := form.cleaned_data["address"]:
                    addresses.ask(form.instance, address, now=now)
        except IntegrityError:  # somebody chose the same name a moment ago
            form.add_error("username", _("This name is taken. Please choose another one."))
        else:
            return signed_in(request, form.instance, "home:first_steps")
    if form.errors and not may_try(request, found):
        return too_many(request, found)
    return welcome(request, found, form, status=422 if form.errors else 200)


def welcome(
    request: HttpRequest, found: Invitation, form: NewcomerForm, *, status: int, too_many: bool = False
) -> HttpResponse:
    """The role is named to staff: a client need not read a word for what they are."""
    context = {
        "form": form,
        "role": found.get_role_display() if found.role != Role.CLIENT else "",
        "too_many": too_many,
        "is_visitor": settings.SESSION_COOKIE_NAME not in request.COOKIES,
    }
    return render(request, "accounts/invitation.html", context, status=status)


def may_try(request: HttpRequest, found: Invitation) -> bool:
    """Counts a form that was not right: one invitation must not be a way to ask for names without end."""
    limited = {"app": "allauth.account", "action": "arrival", "config": TRIES, "key": str(found.pk)}
    return bool(ratelimit.consume(request, **limited))


def too_many(request: HttpRequest, found: Invitation) -> HttpResponse:
    """What was typed stays, unchecked."""
    typed = {name: value for name, value in request.POST.items() if name != "password"}
    return welcome(request, found, NewcomerForm(initial=typed), status=429, too_many=True)


def come_back(request: HttpRequest, found: Invitation, person: User) -> HttpResponse:
    """Sets a new password and signs in. Raises InvitationSpent when another was first."""
    if not person.is_active:
        raise InvitationSpent
    form = PasswordForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        found.let_in_again(person, now=timezone.now())
        return signed_in(request, person, "home:today")
    context = {"form": form, "name": person.username}
    return render(request, "accounts/card_opened.html", context, status=422 if form.errors else 200)


def signed_in(request: HttpRequest, person: User, page: str) -> HttpResponse:
    """By allauth's own way, in a session that is new: whoever was signed in here before is not any more."""
    request.session.flush()
    page = page if person.has_perm("checkins.check_in") else "home:today"
    login = Login(user=person, redirect_url=reverse(page))
    response = perform_password_login(request, {"username": person.username}, login)
    return see_other(response["Location"])
