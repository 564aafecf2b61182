from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import AuditEvent, DutyShift, Invitation, User
from groups import attention
from groups.models import Session
from groups.models.counting import number_of
from notifications.models import Heartbeat
from recovery_site.actions import people_unread
from recovery_site.home import undelivered
from recovery_site.home.today import words

PEOPLE = Count("pk", distinct=True)
UNTAKEN = Count("pk", distinct=True, filter=Q(outreach_tasks__taken_at=None))


def compose(manager: User, now: datetime) -> dict[str, Any]:
    """Counts and nothing that anybody said: a manager reads that somebody waits, never why."""
    today = timezone.localdate(now)
    everybody = User.objects.visible_to(manager)
    open_tasks = {"outreach_tasks__isnull": False, "outreach_tasks__closed_at": None}
    waiting = everybody.clients().filter(**open_tasks).aggregate(people=PEOPLE, untaken=UNTAKEN)
    return {
        "today": today,
        "residents": everybody.in_house(today).count(),
        "day": Session.objects.visible_to(manager).on(today).counts(now),
        "waiting": waiting_words(waiting["people"]),
        "untaken": waiting["untaken"],
        "unread": people_unread(),
        "untaken_words": words.number(waiting["untaken"]),
        "invitations": Invitation.objects.visible_to(manager)
        .for_newcomers()
        .open(now)
        .order_by("expires_at"),
        "cards": Invitation.objects.cards_for_approval(manager, now),
        "emergencies": emergencies(manager, now),
        **going_out(manager, now),
    }


def going_out(manager: User, now: datetime) -> dict[str, Any]:
    """Whether messages go out, how many did not arrive, and whether anybody is on call to be told, in the
    query of what needs a look (T2, K7)."""
    silent, lost_since = Heartbeat.standing(now)
    on_call = number_of(DutyShift.objects.at(now).by_people_here())
    counts = attention.count(manager, now, on_call, *undelivered.numbers(manager, now))
    people_on_call, dead, too_late = counts.also
    return {
        "silent": silent,
        "lost_since": lost_since,
        "attention": counts,
        "nobody_on_call": not people_on_call,
        "undelivered": dead,
        "too_late": too_late,
    }


def emergencies(manager: User, now: datetime) -> int:
    """How often a page was opened in an emergency lately (A10)."""
    acts = AuditEvent.objects.visible_to(manager).filter(act=AuditEvent.Act.EMERGENCY)
    return acts.filter(at__gt=now - timedelta(days=7)).count()


def waiting_words(people: int) -> str:
    if not people:
        return _("Nobody is waiting for a talk.")
    text = ngettext(
        "%(number)s person is waiting for a talk.", "%(number)s people are waiting for a talk.", people
    )
    return text % {"number": words.upper_number(people)}
