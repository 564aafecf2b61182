from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Stay, User


@transaction.atomic
def readmit(*, client: User, on: date, bed: str, by: User, now: datetime) -> Stay:
    """Begins a stay, the first one too, and opens an account that was closed (A6).

    Places, care team and shares of an earlier stay do not come back: their rows have ended, and nothing
    here touches them. Raises ValidationError as `User.admit` does, and for whoever can have no stay.
    """
    client.lock()
    client.refresh_from_db()
    if not client.is_client or client.erased_at is not None:
        raise ValidationError(_("This account cannot have a stay."))
    if not client.is_active:
        client.reopen(by=by, now=now)
    return client.admit(on=on, bed=bed, by=by, now=now)
