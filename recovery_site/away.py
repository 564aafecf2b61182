"""What people get while the database is away: in words, at once, and with what they had typed (row 25).

Nothing here asks the database, a session or a template that could.
"""

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg.errors import ReadOnlySqlTransaction

from accounts.unsent import LEFT_OUT

GONE = (OperationalError, InterfaceError)
RETRY_SECONDS = 10
SHORT = 60  # characters; what is longer, or has lines, was written by hand and is shown


def is_away(error: BaseException | None) -> bool:
    """A full disk, and one that takes nothing, are as bad: both pass. PostgreSQL has a name of its own for a
    server that only reads, as after a change of servers. SQLite calls a mistake in a statement operational,
    too: waiting would not mend it.
    """
    if isinstance(error, InternalError):
        return isinstance(error.__cause__, ReadOnlySqlTransaction)
    return isinstance(error, GONE) and getattr(error.__cause__, "sqlite_errorname", "") != "SQLITE_ERROR"


def page(request: HttpRequest, name: str) -> HttpResponse:
    """The fields go back to where they were sent, with the token that they came with and no other. What is
    secret, or a file, is asked for again.
    """
    given = fields(request)
    context = {
        "request_name": name,
        "path": request.get_full_path(),
        "shown": [pair for pair in given if is_written(*pair)],
        "kept": [pair for pair in given if not is_written(*pair)],
        "is_form": bool(given),
    }
    response = render(None, "away.html", context, status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def fields(request: HttpRequest) -> list[tuple[str, str]]:
    if request.method != "POST" or request.path_info.startswith("/accounts/"):
        return []
    try:
        sent = request.POST
    except (SuspiciousOperation, OSError):  # too big, or cut off on its way
        return []
    pairs = [(name, value) for name, values in sent.lists() for value in values]
    return [] if any("password" in name for name, _value in pairs) else pairs


def is_written(name: str, value: str) -> bool:
    return name not in LEFT_OUT and (len(value) > SHORT or "\n" in value)
