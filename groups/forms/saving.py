"""What has to be unique was free when the form was checked, and is taken when it is saved."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError
from django.forms import BaseForm


@contextmanager
def taken_meanwhile(form: BaseForm) -> Iterator[None]:
    """Two arrived at once: the one that comes second is told what it would be told a moment later.

    Around a save that rolls back by itself. What stands below it then draws the form again, with its errors.
    """
    try:
        yield
    except IntegrityError:
        form.full_clean()
        if not form.errors:
            raise
