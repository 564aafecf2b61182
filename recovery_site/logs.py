"""Keeps secrets of addresses out of the logs."""

import logging
import re

SECRET_PATHS = re.compile(r"/(calendar|invitations|schedule/board|password/reset/key)/[^\s/?]+")
QUERY = re.compile(r"(/[^\s?]*)\?\S*")


class Redact(logging.Filter):
    """Writes the message out once, without tokens and query strings."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = SECRET_PATHS.sub(r"/\1/…", record.getMessage())
        record.msg, record.args = QUERY.sub(r"\1", message), None
        return True
