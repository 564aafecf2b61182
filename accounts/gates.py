"""The second gate: who may not do a thing is told nothing about it. And the door before what is final."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import see_other
from accounts.roles import EVERY_PERMISSION

View = Callable[..., HttpResponse]


def permitted(*permissions: str) -> Callable[[View], View]:
    """Answers 404 to whoever holds none of `permissions`. Raises ValueError for one that no role has."""
    if unknown := set(permissions) - EVERY_PERMISSION:
        raise ValueError(f"No role has {', '.join(sorted(unknown))}.")

    def gate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(request.user.has_perm(permission) for permission in permissions):
                raise Http404
            return view(request, *args, **kwargs)

        return gated

    return gate


def unknown_to_strangers(view: View) -> View:
    """Answers 404 to whoever is not signed in, instead of the way to sign in: for an address that goes from
    hand to hand (F1). Who was signed in a moment ago is asked to sign in again, as everywhere.
    """
    view.unknown_to_strangers = True  # type: ignore[attr-defined]  # read by LoginRequiredMiddleware
    return view


def recently_signed_in(view: View) -> View:
    """Lets through who showed in the last minutes, in this session, that it is still them.

    Others are asked once more, and come back by GET. allauth would keep the body of a POST in the session
    table until then, in clear, and that body may be a reason or a page of a journal: here it goes nowhere.
    """

    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if showed_it_is_them(request) else ask_again(request)

    return gated


def showed_it_is_them(request: HttpRequest) -> bool:
    """Whether a password, code or passkey was asked for again and given. Signing in does not count."""
    records = get_authentication_records(request, request.user)
    times = [record["at"] for record in records if record.get("reauthenticated")]
    return bool(times) and time.time() - times[-1] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the password, code or passkey; a form goes back to its own page first."""
    if request.method not in ("GET", "HEAD"):
        request.stopped_at_gate = True  # type: ignore[attr-defined]  # a form that had waited goes on waiting
        return see_other(request.path)
    response = redirect_to_login(request.get_full_path(), reverse("account_reauthenticate"))
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(response.url)
    return response
