from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from accounts import unsent
from accounts.sign_in import session_limits
from accounts.sign_in.hashers import Busy

GetResponse = Callable[[HttpRequest], HttpResponse]


def refuse_nul(get_response: GetResponse) -> GetResponse:
    """Answers 400 to a NUL in path, query or cookie: PostgreSQL cannot store it, SQLite silently can."""

    def middleware(request: HttpRequest) -> HttpResponse:
        cookies = "".join(request.COOKIES.values())
        if "\0" in request.path_info + cookies or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest()
        return get_response(request)

    return middleware


def private_headers(get_response: GetResponse) -> GetResponse:
    """Pages of a signed-in person stay in no store, of the browser's or of a proxy's; nor does "not found",
    which a store may keep of itself, beyond the minute at which something comes (F1).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
        if not request.path_info.startswith("/static/"):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        session = getattr(request, "session", None)
        if session is not None and session.accessed:
            response.headers["Cache-Control"] = "no-store, private"
            response.headers["X-Robots-Tag"] = "noindex"
            patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response

    return middleware


class LoginRequiredMiddleware(DjangoLoginRequiredMiddleware):
    """Sends the whole page to sign in, never a sign-in form into a fragment; what was typed waits (J4)."""

    def handle_no_permission(  # type: ignore[override]  # what htmx follows is no 302
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        session_ended = getattr(request, "session_ended", False)
        if getattr(view_func, "unknown_to_strangers", False) and not session_ended:
            raise Http404
        page = page_of(request)
        if words_at := unsent.keep(request):
            response = HttpResponseRedirect(session_limits.sign_in_address(request, words_at, kept=True))
        elif session_ended:
            response = HttpResponseRedirect(session_limits.sign_in_address(request, page))
        else:
            response = redirect_to_login(page, self.get_login_url(view_func))
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(response.url)
        return response

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method == "POST" and response.status_code < 400:
            unsent.settle(request)
        return response


def page_of(request: HttpRequest) -> str:
    """Where to go on after signing in: this address, or the page from which a form or fragment was sent."""
    fragment = request.headers.get("HX-Current-URL")
    if request.method in ("GET", "HEAD") and not fragment:
        return request.get_full_path()
    page = urlsplit(fragment or request.headers.get("Referer", ""))
    return page.path if page.path and page.netloc == request.get_host() else reverse("home:today")


def page_for_an_act(get_response: GetResponse) -> GetResponse:
    """Who types or loads again the address of an act (405) reads words instead of an empty window."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or request.method != "GET" or request.headers.get("HX-Request"):
            return response
        page = render(request, "404.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return middleware


class UnprocessableMiddleware:
    """Gives allauth's pages the status that ours have: 422 for a form that was not accepted."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        shown = (response.context_data or {}).values()
        if request.method == "POST" and any(isinstance(form, BaseForm) and form.errors for form in shown):
            response.status_code = 422
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
