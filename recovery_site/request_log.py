"""Each request has a name: in the lines of the log that belong to it, on the page that says that something
broke, and in one line of its own when it is answered."""

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from recovery_site import away, metrics
from recovery_site.logs import current, route

GIVEN = re.compile(r"[0-9a-f-]{16,64}")
Answer = Callable[[HttpRequest], HttpResponseBase]
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
log = logging.getLogger("stillwater.requests")


def request_log(get_response: Answer) -> Answer:
    """A proxy's X-Request-ID is taken over where proxies are trusted, if it can be nothing but an id."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        name = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        token, begun = current.set(name), time.perf_counter()
        try:
            response = get_response(request)
            answered(request, response, time.perf_counter() - begun)
            if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
                response.streaming_content = told(name, cast("Iterable[bytes]", response.streaming_content))
        finally:
            current.reset(token)
        if response.status_code >= 500:
            response.headers["X-Request-ID"] = name
        return response

    return middleware


def told(name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A download that breaks on its way out breaks in the server, which would write the error's own words."""
    try:
        yield from pieces
    except Exception:
        token = current.set(name)
        log.exception("broke on its way out")
        current.reset(token)
        raise ConnectionAbortedError from None


def answered(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """The route by its name: an address holds ids and tokens. Files of the product tell nothing."""
    if request.resolver_match is None and response.status_code in (200, 206, 304):
        return
    name = route(request)
    method = request.method if request.method in METHODS else "other"  # a stranger may invent one
    metrics.answered(name, method, response.status_code, seconds)
    if settings.LOG_REQUESTS:
        person = getattr(request, "_cached_user", None)  # where Django keeps who was asked for
        extra = {
            "route": name,
            "method": method,
            "status": response.status_code,
            "milliseconds": round(1000 * seconds),
            "person": str(person.pk) if person is not None and person.pk else None,
        }
        log.info("%s %s %s", method, name, response.status_code, extra=extra)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the exception is being handled. Nothing of the page that broke is asked for again."""
    if away.is_away(sys.exception()):
        return away.page(request, current.get())
    return render(None, "500.html", {"request_name": current.get()}, status=500)


@task_prerun.connect
def task_begins(task_id: str = "", **_: object) -> None:
    current.set(task_id)


@task_postrun.connect
def task_ends(**_: object) -> None:
    current.set("")
