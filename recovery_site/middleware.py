from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from accounts.hashers import Busy

GetResponse = Callable[[HttpRequest], HttpResponse]


def refuse_nul(get_response: GetResponse) -> GetResponse:
    """Answers 400 to a NUL in path or query: PostgreSQL cannot store it, SQLite silently can."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest()
        return get_response(request)

    return middleware


def private_headers(get_response: GetResponse) -> GetResponse:
    """Pages of a signed-in person stay in no store, of the browser's or of a proxy's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
        if not request.path_info.startswith("/static/"):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        session = getattr(request, "session", None)
        if session is not None and session.accessed:
            response.headers["Cache-Control"] = "no-store, private"
            response.headers["X-Robots-Tag"] = "noindex"
            patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response

    return middleware


class LoginRequiredMiddleware(DjangoLoginRequiredMiddleware):
    """Sends the whole page to sign in, never a sign-in form into a fragment."""

    def handle_no_permission(  # type: ignore[override]  # what htmx follows is no 302
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        response = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(response.url)
        return response


class BusyMiddleware:
    """Asks people to wait a moment when too many of them sign in at once, instead of failing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Busy):
            return None
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = "10"
        return response
