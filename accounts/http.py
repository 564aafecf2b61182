from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User


class PersonRequest(HttpRequest):
    """A request behind the first gate: `user` is somebody. For annotations alone."""

    user: User
    htmx: HtmxDetails


class SeeOther(HttpResponseRedirect):
    """The answer to a form that did its work: fetch this page next (RFC 9110, 303)."""

    status_code = 303


def see_other(to: object, *args: object, **kwargs: object) -> SeeOther:
    """A 303 to a URL name, a path, or an object with `get_absolute_url`."""
    return SeeOther(resolve_url(to, *args, **kwargs))  # type: ignore[arg-type]
