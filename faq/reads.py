"""How often texts are opened, counted without cookies, addresses or any other sign of who reads (F3).

Openings are counted in the memory of each process and written once a minute by a thread of its own, so that
no reader waits for it. What a process had counted when it was killed is lost: this tells what is read most,
and is no book. An answer 304 counts too, for somebody has opened the page again.
"""

import atexit
import logging
import threading
from collections import Counter
from collections.abc import Callable
from functools import wraps

from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from faq.models import Reading, Release

SECONDS = 60
View = Callable[..., HttpResponse]

log = logging.getLogger(__name__)
lock = threading.Lock()
openings: Counter[tuple[str, str]] = Counter()  # by shelf and address


def counted(shelf: str) -> Callable[[View], View]:
    def counting(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, slug: str) -> HttpResponse:
            response = view(request, slug=slug)
            if request.method == "GET" and response.status_code in (200, 304) and not is_ahead(request):
                with lock:
                    openings[shelf, slug] += 1
            return response

        return opened

    return counting


def is_ahead(request: HttpRequest) -> bool:
    """A browser that fetches what somebody might open."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def write() -> None:
    """Writes down what was counted since the last time; keeps it where the database does not answer."""
    with lock:
        taken = dict(openings)
        openings.clear()
    if not taken:
        return
    now = timezone.now()
    slugs = {slug for _shelf, slug in taken}
    try:
        public = Release.objects.public(now).filter(slug__in=slugs).select_related("article", "question")
        with transaction.atomic():
            for release in public.only("slug", "article__id", "question__id"):
                if number := taken.get((release.shelf, release.slug)):
                    Reading.objects.add(release.piece, number, timezone.localdate(now))
    except Error:
        with lock:
            openings.update(taken)
        log.warning("What is read was not written down; tried again in a minute.")


def start() -> None:
    """For a process that serves pages."""
    threading.Thread(target=forever, name="readings", daemon=True).start()
    atexit.register(write)


def forever() -> None:
    minute = threading.Event()
    while not minute.wait(SECONDS):
        write()
        connection.close()
