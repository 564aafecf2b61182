"""One row of each sensitive model, about a client whom the test names."""

import uuid
from datetime import date, time, timedelta

from django.db.models import Model
from django.utils import timezone

from accounts import vault
from accounts.models import (
    AccessRecord,
    AuditEvent,
    Bringing,
    CareTeamMember,
    Contact,
    DataKey,
    EmergencyAccess,
    Invitation,
    OutreachTask,
    Unsent,
    User,
)
from accounts.roles import Role
from checkins.answers import Answers
from checkins.bam import Week
from checkins.models import Acceptance, CheckIn, Measure, ReminderPlan
from groups import recurrence
from groups.models import (
    Attendance,
    AttendanceChange,
    Booking,
    CalendarFeed,
    Company,
    Distance,
    Encouragement,
    Facilitator,
    Group,
    GroupKey,
    JoinRequest,
    Kind,
    Membership,
    Room,
    Series,
    Session,
)
from journal.models import Draft, Entry, Narrative, OnThisDay, Page, Reply
from notifications.models import Notification, PushSubscription
from tests.journal.conftest import shared

NOW = timezone.now


def session_of(people: dict[str, User]) -> Session:
    group, _made = Group.objects.get_or_create(name="Circle", kind=Kind.CIRCLE, capacity=5)
    room, _made = Room.objects.get_or_create(name="Garden", capacity=5)
    starts_at = NOW() - timedelta(hours=2)
    made = Session.plan(group=group, room=room, day=starts_at.date(), starts_at=starts_at, minutes=60)
    made.save()
    Facilitator.objects.create(session=made, person=people["leader"])
    Facilitator.objects.create(
        session=made, person=people["stands_in"], role="sub", stands_in_for=people["old_team"]
    )
    return made


def entry(owner: User, people: dict[str, User]) -> Model:
    page = Page("A page of a hard day", "Words")
    return Entry.objects.write(by=owner, client_token=uuid.uuid4(), page=page, on=NOW().date(), now=NOW())[0]


def reply(owner: User, people: dict[str, User]) -> Model:
    """Ana's, to a page that its writer shared with her."""
    share = shared(entry(owner, people), people["ana"])
    row = Reply(share=share, client=owner, author=people["ana"], written_at=NOW())
    row.text_sealed = Reply.sealed(row.pk, "Words of an answer", vault.key_for(owner.pk))
    row.save()
    return row


def narrative(owner: User, people: dict[str, User]) -> Model:
    return Narrative.objects.create(client=owner, begun_by=people["ana"], begun_at=NOW())


def draft(owner: User, people: dict[str, User]) -> Model:
    form = {"client_token": uuid.uuid4(), "seen": 0, "on": None, "now": NOW()}
    kept = Draft.objects.keep(by=owner, page=Page("Words of a draft", "More words"), **form)
    assert kept
    return kept


def check_in(owner: User, people: dict[str, User]) -> Model:
    return CheckIn.objects.answer(Answers(mood=3, note="A note of a hard day"), by=owner, now=NOW())


def measure(owner: User) -> Measure:
    return Measure.objects.answer(Week({"16": 5}), by=owner, now=NOW())


def booking(owner: User, people: dict[str, User]) -> Model:
    return Booking.objects.create(
        session=session_of(people), client=owner, state=Booking.State.CONFIRMED, joined_at=NOW()
    )


def attendance(owner: User, people: dict[str, User]) -> Model:
    return Attendance.objects.create(
        session=session_of(people),
        client=owner,
        state=Attendance.State.PRESENT,
        recorded_by=people["leader"],
        recorded_at=NOW(),
    )


def encouragement(owner: User, people: dict[str, User]) -> Model:
    """To Noor, who reads it too."""
    return Encouragement.objects.create(
        sender=owner,
        recipient=people["noor"],
        group=session_of(people).group,
        sentence=Encouragement.Sentence.GLAD,
        day=NOW().date(),
        sent_at=NOW(),
    )


def task(owner: User, people: dict[str, User]) -> Model:
    reason = OutreachTask.Reason.ASKED
    return OutreachTask.objects.ask(client=owner, reason=reason, about=uuid.uuid4(), now=NOW())


def notice(owner: User, people: dict[str, User]) -> Model:
    return Notification.objects.create(
        recipient=owner,
        kind="accounts.outreach",
        about=uuid.uuid4(),
        due_on=NOW().date(),
        not_before=NOW(),
        state=Notification.State.NOTED,
        shown_at=NOW(),
    )


def emergency(owner: User, people: dict[str, User]) -> Model:
    return EmergencyAccess.objects.create(
        client=owner,
        clinician=people["dev"],
        reason_sealed=b"",
        began_at=NOW() - timedelta(days=2),
        ends_at=NOW() - timedelta(days=1),
    )


def invitation(owner: User, people: dict[str, User]) -> Model:
    """Issued by a clinician who has nothing to do with anybody else."""
    return Invitation.objects.create(
        role=Role.CLIENT, issued_by=people["leader"], token_hash=b"x", expires_at=NOW() + timedelta(days=1)
    )


def session_note(owner: User, people: dict[str, User]) -> Model:
    """Of a session that the owner is in: it is about the session all the same (B6)."""
    session = booking(owner, people).session
    session.write_note("How it went", seen=0, by=people["leader"], now=NOW())
    return session.note


def group_key(owner: User, people: dict[str, User]) -> Model:
    group = session_of(people).group
    GroupKey.objects.of(group.pk)
    return GroupKey.objects.get(pk=group.pk)


def closed_group(people: dict[str, User]) -> Group:
    """Led by somebody who has nothing else to do with its members; another led a series that is over."""
    group = Group.objects.create(name="Closed circle", kind=Kind.CIRCLE, capacity=5, admission="closed")
    over, room = NOW().date() - timedelta(days=1), session_of(people).room
    for name, until in (("leader", None), ("old_leader", over)):
        series = series_of(group, room, people, start_date=over, until=until)
        Facilitator.objects.create(series=series, person=people[name])
    return group


def series_of(group: Group, room: Room, people: dict[str, User], **dates: date | None) -> Series:
    return Series.objects.create(
        group=group,
        room=room,
        start_time=time(7),
        minutes=30,
        rule=recurrence.weekly([NOW().weekday()]),
        created_by=people["mara"],
        created_at=NOW(),
        **dates,
    )


def membership(owner: User, people: dict[str, User]) -> Model:
    return Membership.objects.create(
        group=closed_group(people),
        client=owner,
        starts_on=NOW().date(),
        added_by=people["dev"],
        added_at=NOW(),
    )


def join_request(owner: User, people: dict[str, User]) -> Model:
    return JoinRequest.objects.create(group=closed_group(people), client=owner, asked_at=NOW())


MAKE = {
    "Acceptance": lambda owner, people: Acceptance.objects.create(client=owner, version=99, at=NOW()),
    "AccessRecord": lambda owner, people: AccessRecord.objects.create(
        subject_id=owner.pk, actor=people["mara"], what="profile", at=NOW()
    ),
    "Attendance": attendance,
    "AttendanceChange": lambda owner, people: AttendanceChange.objects.create(
        session=session_of(people), client=owner, new="late", changed_by=people["leader"], changed_at=NOW()
    ),
    "AuditEvent": lambda owner, people: AuditEvent.objects.create(act="role", subject_id=owner.pk, at=NOW()),
    "Booking": booking,
    "Bringing": lambda owner, people: Bringing.objects.create(
        owner=owner, entry_id=uuid.uuid4(), session_id=uuid.uuid4(), made_at=NOW()
    ),
    "CalendarFeed": lambda owner, people: CalendarFeed.objects.create(
        client=owner, token_hash=uuid.uuid4().bytes, created_at=NOW()
    ),
    "CareTeamMember": lambda owner, people: CareTeamMember.objects.filter(client=owner)[0],
    "CheckIn": check_in,
    "Measure": lambda owner, people: measure(owner),
    "Company": lambda owner, people: Company.objects.create(client=owner, shows_name_since=NOW()),
    "Contact": lambda owner, people: Contact.objects.create(client=owner, clinician=people["ana"], at=NOW()),
    "DataKey": lambda owner, people: DataKey.objects.make(owner.pk),
    "Distance": lambda owner, people: Distance.objects.create(
        client=owner, other=people["noor"], since=NOW()
    ),
    "EmergencyAccess": emergency,
    "Encouragement": encouragement,
    "Draft": draft,
    "Entry": entry,
    "GroupKey": group_key,
    "Invitation": invitation,
    "JoinRequest": join_request,
    "Narrative": narrative,
    "Membership": membership,
    "Notification": notice,
    "OnThisDay": lambda owner, people: OnThisDay.objects.create(owner=owner, since=NOW()),
    "OutreachTask": task,
    "PushSubscription": lambda owner, people: PushSubscription.objects.create(
        person=owner, endpoint="https://web.push.apple.com/nobody", created_at=NOW()
    ),
    "Reply": reply,
    "ReminderPlan": lambda owner, people: ReminderPlan.objects.create(client=owner),
    "SessionNote": session_note,
    "Share": lambda owner, people: shared(entry(owner, people), people["ana"]),
    "SharedCopy": lambda owner, people: shared(entry(owner, people), people["ana"]).copy,
    "Stay": lambda owner, people: owner.stays.get(),
    "Unsent": lambda owner, people: Unsent.objects.keep(
        [("note", ["Words"])], by=owner, path="/check-in/", now=NOW()
    ),
    "User": lambda owner, people: owner,
}
