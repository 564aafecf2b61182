"""Keeps secrets of addresses, and what exceptions quote, out of the logs."""

import logging
import re
import traceback
from typing import Any

SECRET_PATHS = re.compile(r"/(calendar|invitations|me/address|schedule/board|password/reset/key)/[^\s/?]+")
QUERY = re.compile(r"(/[^\s?]*)\?\S*")


class Redact(logging.Filter):
    """Writes the message out once, without tokens and query strings."""

    def filter(self, record: logging.LogRecord) -> bool:
        task = getattr(record, "data", None) if record.name == "celery.app.trace" else None
        # Celery's own sentence about a task that failed quotes the exception.
        message = f"Task {task['name']}" if task and record.exc_info else record.getMessage()
        record.msg, record.args = QUERY.sub(r"\1", SECRET_PATHS.sub(r"/\1/…", message)), None
        return True


class Line(logging.Formatter):
    """Says where an exception came from and its name, never its text: a database quotes the row in it."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the name in logging)
        kind, _error, frames = ei
        return f"{''.join(traceback.format_tb(frames))}{kind.__module__}.{kind.__qualname__}"
