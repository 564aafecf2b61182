"""What this app tells a person about themselves (A7), and the shape in which every app tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    AccessRecord,
    AuditEvent,
    EmergencyAccess,
    Invitation,
    OutreachCall,
    OutreachTask,
    Unsent,
    User,
)
from accounts.record import DETAILS
from accounts.vault import Unreadable, key_for
from notifications import kinds
from notifications.models import Preference, PushSubscription

Row = dict[str, Any]
Words = str | Promise

CHUNK = 100  # rows held at once
SECOND_STEP: dict[str, Words] = {
    Authenticator.Type.WEBAUTHN.value: _("a passkey"),
    Authenticator.Type.TOTP.value: _("an app that shows codes"),
    Authenticator.Type.RECOVERY_CODES.value: _("spare codes"),
}
CANNOT_BE_OPENED = _("This text cannot be opened any more.")


@dataclass(frozen=True)
class Part:
    """One kind of row that is kept about a person.

    `words` says what each field means, in the order of reading; `labels` how a stored code is read.
    A queryset is read by the names in `words`; what has to be opened comes from a generator of dicts.
    `is_reading` parts are pages to read, the others are lines of a table. `note` stands above them.
    """

    name: str
    title: Words
    words: Mapping[str, Words]
    rows: Callable[[User], Iterable[Any]]
    labels: Mapping[str, Mapping[Any, Words]] = field(default_factory=dict)
    is_reading: bool = False
    note: Words = ""

    def told(self, person: User) -> Iterator[Row]:
        """The rows, one by one: an export is never held whole."""
        rows = self.rows(person)
        if isinstance(rows, QuerySet):
            rows = rows.values(*self.words).iterator(chunk_size=CHUNK)
        for row in rows:
            yield {key_of(name): row[name] for name in self.words}


def key_of(name: str) -> str:
    """The field without the way that a query takes to it."""
    return name.partition("__")[0]


def emergencies(person: User) -> Iterator[Row]:
    for row in reversed(EmergencyAccess.objects.filter(client=person).read(by=person)):
        yield {
            "clinician": row.clinician.chosen_name,
            "began_at": row.began_at,
            "ends_at": row.ends_at,
            "reason": CANNOT_BE_OPENED if row.reason is None else row.reason,
        }


def notices(person: User) -> Iterator[Row]:
    """The outbox lies below this app, so its part is told here. What was not shown yet was not told."""
    known = set(kinds.names())
    for row in (
        person.notices.filter(shown_at__isnull=False)
        .order_by("due_on", "not_before")
        .iterator(chunk_size=CHUNK)
    ):
        yield {
            "notice": row.notice if row.kind in known else row.kind,
            "due_on": row.due_on,
            "shown_at": row.shown_at,
            "sent_at": row.sent_at,
            "read_at": row.read_at,
        }


def unsent(person: User) -> Iterator[Row]:
    rows = list(Unsent.objects.filter(owner=person).order_by("received_at", "pk"))  # twenty at most
    key = key_for(person.pk) if rows else None
    for row in rows:
        try:
            words = "\n\n".join(row.words(by=person, key=key))
        except Unreadable:
            words = str(CANNOT_BE_OPENED)
        if words:
            yield {"received_at": row.received_at, "path": row.path, "words": words}


def acts(person: User) -> QuerySet[AuditEvent]:
    actor = User.objects.filter(pk=OuterRef("actor_id")).values("chosen_name")
    rows = AuditEvent.objects.filter(Q(subject_id=person.pk) | Q(actor_id=person.pk))
    return rows.annotate(who=Subquery(actor)).order_by("at", "pk")


PROFILE = Part(
    "profile",
    _("What we call you"),
    {
        "chosen_name": _("the name you go by"),
        "username": _("sign-in name"),
        "email": _("e-mail"),
        "pronouns": _("pronouns"),
        "language": _("the language you chose"),
        "time_zone": _("your time zone, empty where it is that of the house"),
        "joined_at": _("since"),
        "last_login": _("last signed in"),
        "away_since": _("the day you left"),
    },
    lambda person: User.objects.filter(pk=person.pk),
    {"language": dict(settings.LANGUAGES)},
    is_reading=True,
)
STAYS = Part(
    "stays",
    _("Your stays"),
    {"admitted_on": _("arrived"), "discharged_on": _("left"), "bed": _("bed")},
    lambda person: person.stays.order_by("admitted_on"),
)
CARE_TEAM = Part(
    "care_team",
    _("Your care team"),
    {
        "clinician__chosen_name": _("clinician"),
        "is_primary": _("the one you turn to first"),
        "started_at": _("from"),
        "ended_at": _("until"),
    },
    lambda person: person.care_team_rows.order_by("started_at"),
)
CONTACTS = Part(
    "contacts",
    _("Talks that were noted"),
    {"at": _("when"), "clinician__chosen_name": _("with")},
    lambda person: person.contacts.order_by("at"),
)
OUTREACH = Part(
    "outreach",
    _("When somebody was asked to reach out to you"),
    {
        "reason": _("why"),
        "opened_at": _("since"),
        "taken_by__chosen_name": _("who said: I will go"),
        "taken_at": _("when that was"),
        "closed_by__chosen_name": _("who ended it: a talk, or word from you"),
        "closed_at": _("when it ended"),
    },
    lambda person: person.outreach_tasks.order_by("opened_at"),
    labels={"reason": dict(OutreachTask.Reason.choices)},
)
CALLS = Part(
    "calls",
    _("Who was called for you"),
    {"called_at": _("when"), "clinician__chosen_name": _("who"), "seen_at": _("seen")},
    lambda person: OutreachCall.objects.filter(task__client=person).order_by("called_at", "pk"),
)
LOOKS = Part(
    "looks",
    _("Who looked"),
    {"at": _("when"), "actor__chosen_name": _("who"), "what": _("what they did")},
    lambda person: AccessRecord.objects.visible_to(person).order_by("at"),
    labels={"what": dict(AccessRecord.What.choices)},
    note=_("Each look is listed. In the app, the looks of one person within an hour are one line."),
)
EMERGENCIES = Part(
    "emergencies",
    _("When your page was opened in an emergency"),
    {"clinician": _("who"), "began_at": _("from"), "ends_at": _("until"), "reason": _("the reason given")},
    emergencies,
)
UNSENT = Part(
    "unsent",
    _("What you wrote that was not sent"),
    {"received_at": _("when it came"), "path": _("the page it was for"), "words": _("what you wrote")},
    unsent,
    is_reading=True,
)
ACTS = Part(
    "acts",
    _("Signing in, and what was done with your account"),
    {"at": _("when"), "who": _("who, empty for nightly work"), "act": _("what"), "detail": _("more")},
    acts,
    labels={"act": dict(AuditEvent.Act.choices), "detail": DETAILS},
)
SESSIONS = Part(
    "sessions",
    _("Where you are signed in"),
    {
        "created_at": _("since"),
        "last_seen_at": _("last seen"),
        "ip": _("internet address"),
        "user_agent": _("browser"),
    },
    lambda person: UserSession.objects.filter(user=person).order_by("created_at"),
)
SECOND_STEPS = Part(
    "second_steps",
    _("Passkeys and codes for signing in"),
    {"type": _("kind"), "created_at": _("since"), "last_used_at": _("last used")},
    lambda person: Authenticator.objects.filter(user=person).order_by("created_at"),
    labels={"type": SECOND_STEP},
)
CARDS = Part(
    "cards",
    _("Invitations and sign-in cards"),
    {
        "issued_at": _("asked for"),
        "issued_by__chosen_name": _("who asked"),
        "approved_by__chosen_name": _("who approved it"),
        "approved_at": _("when it was approved"),
        "used_at": _("used"),
    },
    lambda person: Invitation.objects.filter(Q(person=person) | Q(used_by=person)).order_by("issued_at"),
)
NOTICES = Part(
    "notices",
    _("What we told you"),
    {
        "notice": _("notice"),
        "due_on": _("for the day"),
        "shown_at": _("shown"),
        "sent_at": _("mailed"),
        "read_at": _("read"),
    },
    notices,
)
REACH = Part(
    "reach",
    _("How you wish to be reached"),
    {
        "channel": _("how"),
        "tells_more": _("messages say what they are about"),
        "bounced_at": _("mails came back"),
        "quiet_from": _("quiet from"),
        "quiet_until": _("quiet until"),
    },
    lambda person: Preference.objects.filter(person=person),
)
PUSH_DEVICES = Part(
    "push_devices",
    _("Your devices that show our messages"),
    {"browser": _("browser"), "created_at": _("since")},
    lambda person: PushSubscription.objects.filter(person=person).order_by("created_at"),
)
PARTS = (
    *(PROFILE, STAYS, CARE_TEAM, CONTACTS, OUTREACH, CALLS, LOOKS, EMERGENCIES, NOTICES, REACH, PUSH_DEVICES),
    *(UNSENT, CARDS, SECOND_STEPS, SESSIONS, ACTS),
)
