"""Open pages as they were last rendered, in the memory of this process: they hold nothing of anybody."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import set_response_etag

from faq.models import Edition

SECONDS = 60  # then it is rendered anew: some pieces have a date of publication ahead
MOST = 500  # pages of some 15 kB

View = Callable[..., HttpResponse]
Stamp = tuple[UUID, int]


class Print(NamedTuple):
    stamp: Stamp
    content: bytes
    tag: str


def printed(view: View) -> View:
    """Renders a page once for each edition of the library. Only for pages that read nothing but its texts."""
    prints: dict[str, Print] = {}

    @wraps(view)
    def from_stock(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        stamp = None if request.META.get("QUERY_STRING") else stamp_of_now()
        if stamp is None:
            return view(request, *args, **kwargs)
        found = prints.get(request.path)
        if found and found.stamp == stamp:
            return HttpResponse(found.content, headers={"ETag": found.tag})
        response = view(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        set_response_etag(response)
        if len(prints) >= MOST:
            prints.clear()
        prints[request.path] = Print(stamp, response.content, response.headers["ETag"])
        return response

    return from_stock


def seconds_left(begun: datetime) -> int:
    """Until the minute is over in which an answer was begun: so long may a cache before us give it out, for
    texts come and go with the minute (F1). None, if the next one has begun meanwhile.
    """
    end = (begun.timestamp() // SECONDS + 1) * SECONDS
    return max(0, int(end - timezone.now().timestamp()))


def stamp_of_now() -> Stamp | None:
    """Read before the page: a text that changes meanwhile is then only newer than the stamp says."""
    edition = Edition.objects.current()
    return (edition, int(timezone.now().timestamp()) // SECONDS) if edition else None
