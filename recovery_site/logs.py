"""One line for each thing that happened, and nothing private in it: never a body, a query string, a token, a
mail address, or what an exception quotes. In production the lines are JSON (one object a line).
"""

import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

# A line that could not be written is lost. What would be said instead quotes the error that it was about.
logging.raiseExceptions = False

# The request, or the task of the worker, that this thread is at work for. See recovery_site.request_log.
current: ContextVar[str] = ContextVar("current", default="")

SECRET_PATHS = re.compile(
    r"/(calendar|invitations|feedback|me/address|schedule/board|password/reset/key)/[^\s/?]+"
)
QUERY = re.compile(r"(/[^\s?]*)\?\S*")
ADDRESS = re.compile(r"https?://\S+")


class Redact(logging.Filter):
    """Writes the message out once, without tokens and query strings, and says what it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        task = getattr(record, "data", None) if record.name == "celery.app.trace" else None
        # Celery's own sentence about a task that failed quotes the exception.
        message = f"Task {task['name']}" if task and record.exc_info else said(record)
        record.msg, record.args = QUERY.sub(r"\1", SECRET_PATHS.sub(r"/\1/…", message)), None
        if record.name == "health_check":
            record.exc_info = None  # where it was noticed helps nobody, once a minute
        record.request = current.get()  # Django puts the request itself here, which no line may hold
        return True


def said(record: logging.LogRecord) -> str:
    """The message, which names errors and quotes none, with the route where Django ends it on the address:
    ids of people stand in addresses, and what a stranger typed.
    """
    if isinstance(record.args, tuple):
        record.args = tuple(
            type(one).__name__ if isinstance(one, BaseException) else one for one in record.args
        )
    asked = getattr(record, "request", None)
    if hasattr(asked, "resolver_match") and isinstance(record.args, tuple) and record.args:
        record.args = (*record.args[:-1], route(asked))
    said = record.getMessage()
    # Why a form was refused quotes the page that it came from, which may be anybody's.
    return ADDRESS.sub("…", said) if record.name == "django.security.csrf" else said


def route(request: Any) -> str:
    return request.resolver_match.view_name if request.resolver_match else "none"


class Line(logging.Formatter):
    """Says where an exception came from and its name, never its text: a database quotes the row in it."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the name in logging)
        kind, _error, frames = ei
        return f"{''.join(traceback.format_tb(frames))}{kind.__module__}.{kind.__qualname__}"


class JsonLine(Line, JsonFormatter):
    """The same for machines. Of what else a record carries, only FIELDS."""

    FIELDS = ("route", "method", "status", "milliseconds", "person")

    def __init__(self) -> None:
        names = ["asctime", "levelname", "name", "message", "request"]
        JsonFormatter.__init__(self, names, json_ensure_ascii=False)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        known = (*self._required_fields, *self.FIELDS, "exc_info")
        return {name: log_data[name] for name in known if log_data.get(name) not in (None, "")}


def logging_settings(level: str, *, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: everything to the console, by one way."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"redact": {"()": Redact}},
        "formatters": {
            "line": {"()": Line, "format": "{asctime} {levelname} {name}: {message}", "style": "{"},
            "json": {"()": JsonLine},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["redact"],
                "formatter": "json" if as_json else "line",
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # In production the line of the request says what was refused.
            "django.request": {"level": "ERROR" if as_json else "INFO"},
            # Who guesses at hosts needs no trace of where it was noticed.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # SQL at DEBUG carries parameters.
            "django.db.backends": {"level": "INFO"},
            # A name that a template lacks is logged at DEBUG with everything that the page holds.
            "django.template": {"level": "INFO"},
            # Each names what it was at work with: the passkey of a person, the address of a device.
            "fido2": {"level": "WARNING"},
            "urllib3": {"level": "INFO"},
            # The worker raises the level of all others, and these lines are what proves the record.
            "accounts.models.seal": {"level": "INFO"},
        },
    }
