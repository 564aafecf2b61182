"""What each process asks before it takes up work: a server does not run `manage.py check` by itself."""

import sys

from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import Error


def refuse_to_harm() -> None:
    """Raises ImproperlyConfigured where the keys do not open what the database holds: what is written next
    would be sealed with another one. A database that is away is no reason: it comes back, and the help page
    needs none.
    """
    try:
        found = run_checks(tags=[Tags.security, Tags.database], databases=["default"])
    except Error:
        return
    serious = [f"{message.id}: {message.msg}" for message in found if message.is_serious()]
    if serious:
        raise ImproperlyConfigured("\n".join(serious))


def begin() -> None:
    """Ends a process of the server with the words alone. What is raised in it would be logged at most, by
    Celery, or tried again among its traces, by the web server.
    """
    try:
        refuse_to_harm()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
