from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import AccessRecord, DutyShift, Invitation, OutreachCall, OutreachTask, User
from checkins.answers import Mood
from checkins.models import CheckIn
from checkins.models.check_in import PictureOfDay
from groups import attention
from groups.models import Session
from groups.models.attendance import EDITABLE_FOR
from groups.models.counting import number_of
from journal.models import Share
from journal.models.reading import UNREAD_WORKING_DAYS
from notifications.models import Heartbeat
from recovery_site.home.today import silence, words

AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Waiting:
    """One client who waits for somebody, as one clinician sees it."""

    task: OutreachTask
    when: str
    when_more: str
    is_mine: bool
    silence: str = ""  # since when nothing came, in words (K6)

    @property
    def is_taken_by_another(self) -> bool:
        return bool(self.task.taken_by_id) and not self.is_mine

    @property
    def asks_to_go(self) -> bool:
        return not self.task.taken_by_id and self.task.reason in OutreachTask.CALLED_FOR


class SharedPages(NamedTuple):
    """How many pages of journals are open to one clinician, and how many of them wait (J3)."""

    open: int
    unread: int
    too_long: int


def compose(clinician: User, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    sessions = list(sessions_of(clinician, now))
    asked = (on_call_until(clinician, now), engine_parts(now), *shared_pages(clinician, now))
    counts = attention.count(clinician, now, *asked)
    on_call, parts, *numbers = counts.also
    pages = SharedPages(*numbers)
    return {
        **waiting(clinician, now, asking=counts.asking, unread=pages.too_long),
        "on_call_until": on_call,
        "pages": pages,
        "unread_days": UNREAD_WORKING_DAYS,
        "now": now,
        "sessions": [session for session in sessions if session.local_date == today],
        "unrecorded": [session for session in sessions if session.is_left_to_record(now)],
        "people": sentences(CheckIn.objects.picture_of_day(clinician, now)),
        "silent": parts < len(Heartbeat.PARTS),
        "cards": Invitation.objects.cards_for_approval(clinician, now),
        "attention": counts,
    }


def on_call_until(clinician: User, now: datetime) -> Coalesce:
    """Until when the clinician is on call, to be asked in a query that is asked anyway (K7, T2)."""
    mine = DutyShift.objects.at(now).filter(clinician=clinician).order_by("-ends_at")
    return Coalesce(Subquery(mine.values("ends_at")[:1]), None)


def engine_parts(now: datetime) -> Coalesce:
    """How many of the engine's parts were seen at work lately (K8, T2)."""
    return number_of(Heartbeat.objects.seen(now))


def shared_pages(clinician: User, now: datetime) -> tuple[Coalesce, ...]:
    """What `SharedPages` says, to be counted by a query that is asked anyway (T2)."""
    shares = Share.objects.visible_to(clinician)
    return tuple(map(number_of, (shares, shares.unread(), shares.waiting_too_long(now))))


def waiting(clinician: User, now: datetime, *, asking: int = 0, unread: int = 0) -> dict[str, Any]:
    """The part of the page that changes when somebody goes or has talked."""
    tasks = list(OutreachTask.objects.for_page_of(clinician).select_related("client", "taken_by"))
    silent = silence.words_of(tasks, now)
    rows = [
        Waiting(
            task,
            *words.since(task.opened_at, now),
            is_mine=task.taken_by_id == clinician.pk,
            silence=silent.get(task.pk, ""),
        )
        for task in tasks
    ]
    note_look(clinician, [row.task for row in rows], now)
    OutreachCall.objects.note_seen([row.task for row in rows], by=clinician, now=now)
    people = len({row.task.client_id for row in rows if not row.is_taken_by_another})
    return {
        "today": timezone.localdate(now),
        "heading": heading(people, asking, unread),
        "waiting": sorted(rows, key=turn),
    }


def note_look(clinician: User, tasks: list[OutreachTask], now: datetime) -> None:
    """That somebody missed sessions, or came to none, is read from their attendance. Once an hour (A5)."""
    missed = {task.client_id for task in tasks if task.reason != OutreachTask.Reason.ASKED}
    if missed:
        what = AccessRecord.What.ATTENDANCE
        AccessRecord.objects.note(actor=clinician, subjects=missed, what=what, now=now, once_in=AN_HOUR)


def turn(row: Waiting) -> tuple[bool, bool]:
    """Whoever asked comes first, whoever a colleague goes to last; within that, who waits longest."""
    return row.is_taken_by_another, row.task.reason != OutreachTask.Reason.ASKED


def sessions_of(clinician: User, now: datetime) -> QuerySet[Session]:
    """Those that the clinician leads today or led while a sheet can still be filled, in one query."""
    today = timezone.localdate(now)
    first = today - EDITABLE_FOR - timedelta(days=1)
    led = Session.objects.visible_to(clinician).led_by(clinician).filter(withdrawn_by=None)
    return (
        led.filter(local_date__range=(first, today)).with_turnout().select_related("group", "room").in_order()
    )


def heading(people: int, asking: int, unread: int = 0) -> str:
    """Who asks to come to a group waits for an answer too, and who shared a page days ago for a reader: so it
    is not nobody (B6, J3)."""
    if not people and asking:
        return _("Somebody would like to come to a group.")
    if not people and unread:
        return _("A page that somebody shared waits for you.")
    if not people:
        return _("Nobody is waiting for you.")
    text = ngettext("%(number)s person is waiting for you.", "%(number)s people are waiting for you.", people)
    return text % {"number": words.upper_number(people)}


def sentences(picture: PictureOfDay) -> list[str]:
    """Counts of one's own clients in the house. They name nobody."""
    if not picture.clients:
        return [_("Nobody in the house is in your care just now.")]
    clients = ngettext("%(number)s client.", "%(number)s clients.", picture.clients)
    found = [clients % {"number": words.upper_number(picture.clients)}]
    if not picture.answered:
        return [*found, _("Nobody has checked in yet today.")]
    answered = ngettext(
        "%(number)s has checked in today", "%(number)s have checked in today", picture.answered
    ) % {"number": words.upper_number(picture.answered)}
    return [*found, f"{answered}{mood_words(picture)}."]


def mood_words(picture: PictureOfDay) -> str:
    """What most of them say, as two neighbouring words of the scale; nothing where nobody can tell."""
    if not picture.moods:
        return ""
    low = max(
        range(Mood.VERY_HARD, Mood.VERY_GOOD), key=lambda mood: picture.moods[mood] + picture.moods[mood + 1]
    )
    pair = {"low": Mood(low).label.lower(), "high": Mood(low + 1).label.lower()}
    return _("; most say %(low)s or %(high)s") % pair
