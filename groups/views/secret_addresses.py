"""Addresses that open for whoever holds them: nobody signs in, so the address itself is the key."""

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRefresh

# Counted for each internet address. The whole house sits behind one, so only what opens nothing counts.
TRIES = {"secret_address": "100/5m/ip"}


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Whatever is wrong, it is the answer to any address that does not exist; then 429 for who goes on.

    A page that asks for its next fragment is told to load itself anew, so that it does not stand there still,
    also where somebody else in the house has guessed too often.
    """
    if request.htmx:  # type: ignore[attr-defined]  # HtmxMiddleware sets it
        return HttpResponseClientRefresh()
    counted = {"app": "allauth.account", "action": "secret_address", "config": TRIES}
    if not ratelimit.consume(request, limit_get=True, **counted):
        response = render(request, "429.html", status=429)
        response.headers["Retry-After"] = "300"
        return response
    raise Http404
