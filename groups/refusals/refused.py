"""Why something cannot be done, in words for the person who asked."""

from __future__ import annotations

from django.utils.functional import Promise


class Refused(Exception):
    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)
