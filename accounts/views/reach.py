from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import push_devices
from accounts.http import PersonRequest, see_other
from accounts.models import User
from accounts.reach_forms import PushForm, ReachForm
from accounts.sign_in import devices
from notifications import push_service, ways
from notifications.channels import mail
from notifications.models import Preference, PushSubscription


@require_http_methods(["GET", "HEAD", "POST"])
def reach(request: PersonRequest) -> HttpResponse:
    """How we reach this person: the way, the quiet hours, and how much a mail says (K4, K5)."""
    data = request.POST if request.method == "POST" else None
    form = ReachForm(data, person=request.user, reach=reach_of(request))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            ways.choose(still_there(request), **form.cleaned_data)
        messages.success(request, _("Kept."))
        return see_other("accounts:reach")
    return render(request, "accounts/reach.html", context(request, form), status=422 if form.errors else 200)


@require_POST
@sensitive_post_parameters()
def push_device_list(request: PersonRequest) -> HttpResponse:
    """One more browser that shows our messages. Refused where others use it too."""
    if not push_devices.is_offered(request, request.user):
        raise Http404
    form = PushForm(request.POST)
    if not form.is_valid():
        page = context(request, ReachForm(person=request.user, reach=reach_of(request)), form)
        return render(request, "accounts/reach.html", page, status=422)
    browser = devices.browser(request.headers.get("User-Agent", ""))
    with transaction.atomic():
        person = still_there(request)
        mine = PushSubscription.objects.visible_to(person)
        made = mine.turn_on(by=person, browser=browser, now=timezone.now(), **form.keys)
    messages.success(request, _("Messages come to this device now."))
    response = see_other("accounts:reach")
    push_devices.remember(response, made)
    return response


@require_POST
def push_device_forgetting(request: PersonRequest, device_id: UUID) -> HttpResponse:
    device = get_object_or_404(PushSubscription.objects.visible_to(request.user), pk=device_id)
    mine = PushSubscription.objects.visible_to(request.user).filter(pk=device.pk)
    mine.end(of=request.user, now=timezone.now(), tell=False)
    messages.success(request, _("That device gets no more messages."))
    return see_other("accounts:reach")


def reach_of(request: PersonRequest) -> Preference | None:
    return Preference.objects.filter(person=request.user).first()


def still_there(request: PersonRequest) -> User:
    """Held until it is kept. Somebody erased or closed meanwhile gets no row again (A8)."""
    own = User.objects.visible_to(request.user).active().select_for_update()
    return get_object_or_404(own, pk=request.user.pk)


def context(request: PersonRequest, form: ReachForm, push_form: PushForm | None = None) -> dict[str, Any]:
    link = _("(a link that only you can open)")
    offered = push_devices.is_offered(request, request.user)
    return {
        "form": form,
        "reach": reach_of(request),
        "push_form": (push_form or PushForm()) if offered else None,
        "push_key": push_service.public_key() if offered else "",
        "devices": PushSubscription.objects.visible_to(request.user).latest_first(),
        "here": push_devices.here(request),
        "own": Preference(person=request.user),
        "sender": settings.DEFAULT_FROM_EMAIL,
        "plain": mail.words(link),
        "telling": mail.words(link, _("A place is kept for you for a while. Take it if you like.")),
        "zone_words": request.user.zone.key.replace("_", " "),
    }
