"""What this app tells people through the outbox: one sentence a kind, which names nobody and no page (K5)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.models import WAITING, Notification

if TYPE_CHECKING:
    from accounts.models import User
    from journal.models import Narrative, Reply, Share

SHARED = "journal.shared"
ANSWERED = "journal.answered"
NARRATIVE = "journal.narrative"


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=SHARED,
            notice=_("Someone you care for shared a page with you."),
            page=lambda notification: reverse("journal:shared_list"),
            wanted=waits_to_be_read,
        )
    )
    kinds.register(
        kinds.Kind(
            name=ANSWERED,
            notice=_("There is an answer to a page you shared."),
            page=page_of_answer,
            wanted=waits_to_be_seen,
            for_residents=True,
        )
    )
    kinds.register(
        kinds.Kind(
            name=NARRATIVE,
            notice=_("Your journal has new ways to begin a page. You can turn them off."),
            page=lambda notification: reverse("journal:narrative_end"),
            wanted=is_still_on,
            mails=False,
            for_residents=True,
        )
    )


def tell_narrative(row: Narrative, client: User, now: datetime) -> None:
    """To the client, in the app alone: it is nothing that cannot wait until they are here again (J6)."""
    message = {"recipient": client, "kind": NARRATIVE, "about": row.pk, "due_on": client.local_day(now)}
    Notification.objects.post_shown(now, message)


def is_still_on(notification: Notification, now: datetime) -> bool:
    from journal.models import Narrative

    return Narrative.objects.standing().filter(pk=notification.about).exists()


def tell_shared(share: Share, now: datetime) -> None:
    """To the reader. A page that is shared again on the same day is a new one to read, and is said again."""
    message = {
        "recipient": share.clinician,
        "kind": SHARED,
        "about": share.pk,
        "due_on": share.clinician.local_day(now),
    }
    told = Notification.objects.filter(**message).exclude(state__in=WAITING)
    told.update(state=Notification.State.DUE, not_before=now, shown_at=None, read_at=None, attempts=0)
    Notification.objects.post(**message, not_before=now)


def tell_answered(reply: Reply, now: datetime) -> None:
    """To the writer of the page, once for each answer."""
    due_on = reply.client.local_day(now)
    Notification.objects.post(
        recipient=reply.client, kind=ANSWERED, about=reply.pk, due_on=due_on, not_before=now
    )


def waits_to_be_read(notification: Notification, now: datetime) -> bool:
    """Not taken back, not over, not read yet, and still theirs to read."""
    from journal.models import Share

    unread = Share.objects.standing(now).filter(pk=notification.about, read_at=None)
    return unread.filter(clinician=notification.recipient).exists()


def waits_to_be_seen(notification: Notification, now: datetime) -> bool:
    """Not seen yet, and its page was not deleted."""
    from journal.models import Reply

    unseen = Reply.objects.filter(pk=notification.about, seen_at=None, share__entry__deleted_at=None)
    return unseen.filter(client=notification.recipient).exists()


def page_of_answer(notification: Notification) -> str:
    from journal.models import Reply

    found = Reply.objects.filter(pk=notification.about).values_list("share__entry", flat=True).first()
    return reverse("journal:entry_detail", args=[found]) if found else reverse("journal:entry_list")
