from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url


class SeeOther(HttpResponseRedirect):
    """The answer to a form that did its work: fetch this page next (RFC 9110, 303)."""

    status_code = 303


def see_other(to: object, *args: object, **kwargs: object) -> SeeOther:
    """A 303 to a URL name, a path, or an object with `get_absolute_url`."""
    return SeeOther(resolve_url(to, *args, **kwargs))  # type: ignore[arg-type]
