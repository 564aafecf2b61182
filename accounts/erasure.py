"""What this app forgets of a person (A8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, DataKey, Invitation, Unsent, User

LOOKED_AT_AGAIN = timedelta(days=2)


@transaction.atomic
def destroy_key(client: User, *, by: User | None, now: datetime) -> None:
    """Closes the account, and with the key makes unreadable all that the person sealed. Twice is once.

    What is being sealed at this moment is waited for; whatever comes later finds neither a key nor an
    account to make one for (`DataKey.objects.make`). What is append-only keeps a bare id and is not touched.
    """
    client.lock()
    closing = {"erased_at": now, "is_active": False, "closed_at": None}  # closed once all is gone
    if User.objects.filter(pk=client.pk, erased_at=None).update(**closing):
        AuditEvent.objects.record(AuditEvent.Act.ERASED, by=by, about=client, now=now)
    DataKey.objects.filter(owner=client).delete()


def unfinished(now: datetime) -> QuerySet[User]:
    """Those whose key is gone and whose rows may not be: the work was cut off, or a row came late."""
    lately = Q(erased_at__gt=now - LOOKED_AT_AGAIN)
    return User.objects.filter(lately | Q(closed_at=None), erased_at__isnull=False)


def forget(client: User, now: datetime) -> None:
    Invitation.objects.filter(person=client).delete()
    Invitation.objects.filter(used_by=client).update(used_by=None, label="")
    for rows in (client.stays, client.care_team_rows, client.emergencies, client.unsent, client.bringings):
        rows.all().delete()
    Unsent.objects.filter(
        path__contains=str(client.pk)
    ).delete()  # what somebody on the staff wrote about them
    client.contacts.all().delete()
    client.outreach_tasks.all().delete()
    for model in (EmailAddress, Authenticator, UserSession):
        model.objects.filter(user=client).delete()
    sessions = Session.objects.filter(expire_date__gt=now).iterator(chunk_size=500)
    own = [row.pk for row in sessions if row.get_decoded().get("_auth_user_id") == str(client.pk)]
    Session.objects.filter(pk__in=own).delete()


def make_nobody(client: User, now: datetime) -> None:
    """What attendance hangs on stays, and tells nothing but that somebody was here.

    Again with every later look: a request that was under way may have written a name once more.
    """
    nobody = {
        "username": f"gone-{uuid4().hex}",
        "chosen_name": _("Someone who was here"),
        "email": "",
        "pronouns": "",
        "time_zone": "",
        "language": "",
        "password": make_password(None),
        "last_login": None,
        "away_since": None,
    }
    erased = User.objects.filter(pk=client.pk, erased_at__isnull=False)
    erased.update(**nobody)
    erased.filter(closed_at=None).update(joined_at=now, closed_at=now)
