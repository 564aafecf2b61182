"""The second gate: who may not do a thing is told nothing about it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

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
