"""One row of every kind that can be about a client, each private field holding a word of its own."""

import uuid
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db.models import ForeignKey, UUIDField

from accounts import vault
from accounts.models import (
    AccessRecord,
    AuditEvent,
    Bringing,
    CareTeamMember,
    Contact,
    EmergencyAccess,
    Invitation,
    OutreachTask,
    Stay,
    Unsent,
    User,
)
from checkins.answers import Answers
from checkins.bam import Week
from checkins.models import Acceptance, CheckIn, Measure, ReminderPlan
from groups.models import (
    AgreementAcceptance,
    Attendance,
    AttendanceChange,
    Booking,
    CalendarFeed,
    Company,
    Distance,
    Encouragement,
    Facilitator,
    Group,
    JoinRequest,
    Kind,
    Membership,
    Room,
    Session,
)
from journal.models import Draft, Entry, Narrative, OnThisDay, Page
from notifications.models import Notification, Preference, PushSubscription
from tests.journal.conftest import shared

WORDS = {  # what stands in each private field, found nowhere else
    name: f"sentinel{name}zq"
    for name in (
        "title",
        "text",
        "prompt",
        "note",
        "reason",
        "bed",
        "pronouns",
        "group",
        "agent",
        "priority",
        "reply",
        "unsent",
        "draft",
    )
}
STAFF_ONLY = "filled by staff about their own work"
NOT_ABOUT_A_CLIENT = {
    "accounts.DutyShift.clinician": STAFF_ONLY,
    "accounts.OutreachCall.clinician": STAFF_ONLY,
    "home.HelpLine.reviewed_by": STAFF_ONLY,
    "groups.Attendance.recorded_by": STAFF_ONLY,
    "groups.AttendanceChange.changed_by": STAFF_ONLY,
    "groups.Booking.place_settled_by": STAFF_ONLY,
    "groups.Booking.priority_by": STAFF_ONLY,
    "groups.Membership.added_by": STAFF_ONLY,
    "groups.Facilitator.person": STAFF_ONLY,
    "groups.Session.cancelled_by": STAFF_ONLY,
    "groups.SessionNote.written_by": STAFF_ONLY,
    "groups.Series.created_by": STAFF_ONLY,
    "groups.Facilitator.stands_in_for": STAFF_ONLY,
    "groups.Facilitator.overlap_allowed_by": STAFF_ONLY,
    "groups.Suspension.suspended_by": STAFF_ONLY,
    "groups.Suspension.lifted_by": STAFF_ONLY,
    "groups.Holiday.made_by": STAFF_ONLY,
    "groups.KeptOnHoliday.kept_by": STAFF_ONLY,
    "groups.Leave.person": STAFF_ONLY,
    "groups.Leave.noted_by": STAFF_ONLY,
    "groups.Leave.ended_by": STAFF_ONLY,
    "groups.SkippedDate.skipped_by": STAFF_ONLY,
    "groups.Edit.edited_by": STAFF_ONLY,
    "groups.Edit.undone_by": STAFF_ONLY,
    "journal.Narrative.begun_by": STAFF_ONLY,
    "journal.Prompt.changed_by": STAFF_ONLY,
    "groups.HouseBoard.created_by": STAFF_ONLY,
    "groups.HouseBoard.revoked_by": STAFF_ONLY,
    "groups.HistoricalGroup.history_user": STAFF_ONLY,
    "groups.HistoricalRoom.history_user": STAFF_ONLY,
    "groups.HistoricalSeries.history_user": STAFF_ONLY,
    "groups.HistoricalSeries.created_by": STAFF_ONLY,
    "groups.HistoricalSession.history_user": STAFF_ONLY,
    "groups.HistoricalSession.cancelled_by": STAFF_ONLY,
    "journal.Reply.author": STAFF_ONLY,
    "journal.Share.clinician": STAFF_ONLY,
    **{
        f"faq.{kind}.{acted}_by": STAFF_ONLY
        for kind in ("Question", "Article", "HistoricalQuestion", "HistoricalArticle")
        for acted in ("created", "updated", "approved")
    },
    "faq.HistoricalQuestion.history_user": STAFF_ONLY,
    "faq.HistoricalArticle.history_user": STAFF_ONLY,
    "faq.Release.published_by": STAFF_ONLY,
    "faq.Remark.by": STAFF_ONLY,
    "faq.Autosave.editor": STAFF_ONLY,
    "faq.Picture.added_by": STAFF_ONLY,
    "accounts.AccessRecord.actor": STAFF_ONLY,
    "accounts.CareTeamMember.clinician": STAFF_ONLY,
    "accounts.EmergencyAccess.clinician": STAFF_ONLY,
    "accounts.Invitation.issued_by": STAFF_ONLY,
    "accounts.Invitation.revoked_by": STAFF_ONLY,
    "accounts.Invitation.approved_by": STAFF_ONLY,
    "accounts.OutreachTask.taken_by": STAFF_ONLY,
    "accounts.OutreachTask.closed_by": STAFF_ONLY,
    "accounts.Contact.clinician": STAFF_ONLY,
}
# Numbers that no foreign key explains.
OF_A_FORM = "the number of a form, so that it counts once"
OF_A_ROW = "the number of a row, which leads nowhere once that row is gone"
BARE_NUMBERS = {
    "groups.Series.client_token": OF_A_FORM,
    "groups.Edit.client_token": OF_A_FORM,
    "groups.HistoricalSeries.client_token": OF_A_FORM,
    "groups.HistoricalGroup.id": OF_A_ROW,
    "groups.HistoricalRoom.id": OF_A_ROW,
    "groups.HistoricalSeries.id": OF_A_ROW,
    "groups.HistoricalSession.id": OF_A_ROW,
    "journal.Entry.client_token": OF_A_FORM,
    "journal.Draft.client_token": OF_A_FORM,
    "journal.Reply.client_token": OF_A_FORM,
    "faq.Question.client_token": OF_A_FORM,
    "faq.Article.client_token": OF_A_FORM,
    "faq.Edition.mark": OF_A_FORM,
    "faq.Autosave.token": OF_A_FORM,
    "faq.HistoricalQuestion.client_token": OF_A_FORM,
    "faq.HistoricalArticle.client_token": OF_A_FORM,
    "faq.HistoricalQuestion.id": OF_A_ROW,
    "faq.HistoricalArticle.id": OF_A_ROW,
    "accounts.Invitation.client_token": OF_A_FORM,
    "accounts.OutreachTask.about": OF_A_ROW,
    "accounts.Bringing.entry_id": OF_A_ROW,
    "accounts.Bringing.session_id": OF_A_ROW,
    "notifications.Notification.about": OF_A_ROW,
    "notifications.Notification.claim": "a sender of mail",
}
# These are a person's own. The books are only added to, and keep them when nobody knows any more whose.
BOOKS = {"accounts.AccessRecord.subject_id", "accounts.AuditEvent.actor_id", "accounts.AuditEvent.subject_id"}


def bare_numbers() -> dict[str, UUIDField]:
    fields = (field for model in apps.get_models() for field in model._meta.concrete_fields)
    bare = (field for field in fields if isinstance(field, UUIDField) and not field.primary_key)
    return {f"{field.model._meta.label}.{field.name}": field for field in bare}


def ways_to_a_client() -> dict[str, ForeignKey]:
    """Each column of the product that can lead from a row to a client, found without being told."""
    fields = (field for model in apps.get_models() for field in model._meta.concrete_fields)
    ways = {
        f"{field.model._meta.label}.{field.name}": field
        for field in fields
        if isinstance(field, ForeignKey) and field.related_model is User
    }
    return {name: field for name, field in ways.items() if name not in NOT_ABOUT_A_CLIENT}


def live(client: User, ana: User, mara: User, now: datetime) -> None:
    User.objects.filter(pk=client.pk).update(pronouns=WORDS["pronouns"], last_login=now)
    live_in_accounts(client, ana, mara, now)
    live_in_groups(client, ana, now)
    page = Page(WORDS["title"], WORDS["text"], WORDS["prompt"])
    entry, _new = Entry.objects.write(
        by=client, client_token=uuid.uuid4(), page=page, on=date(2026, 11, 20), now=now
    )
    keep_pages(entry, client, now)
    draft = Page("", WORDS["draft"])
    form = {"client_token": uuid.uuid4(), "seen": 0, "entry": entry, "entry_revision": 1}
    Draft.objects.keep(by=client, page=draft, on=None, now=now, **form)
    shared(entry, ana).take_back(by=client, now=now)
    share = shared(entry, ana)
    share.answer(WORDS["reply"], by=ana, client_token=uuid.uuid4(), now=now)
    Narrative.objects.begin(client=client, by=ana, now=now).end(by=client, now=now)
    CheckIn.objects.answer(Answers(mood=2, urge=4, note=WORDS["note"]), by=client, now=now)
    Measure.objects.answer(Week({"8": 3, "16": 5}), by=client, now=now)
    ReminderPlan.objects.for_client(client)
    Acceptance.objects.get_or_create(client=client, version=1, defaults={"at": now})
    Preference.objects.create(person=client, channel="notices")
    PushSubscription.objects.create(person=client, endpoint="https://web.push.apple.com/x", created_at=now)
    Notification.objects.create(
        recipient=client,
        kind="checkins.reminder",
        about=uuid.uuid4(),
        due_on=now.date(),
        not_before=now,
        shown_at=now,
    )


def keep_pages(entry: Entry, client: User, now: datetime) -> None:
    """It rests, comes along to a session, and others of its day come up."""
    entry.rest(by=client, now=now)
    OnThisDay.objects.turn_on(by=client, now=now)
    session = client.bookings.latest("session__starts_at").session_id
    Bringing.objects.bring(entry_id=entry.pk, session_id=session, by=client, now=now)


def live_in_accounts(client: User, ana: User, mara: User, now: datetime) -> None:
    Stay.objects.filter(client=client).update(bed=WORDS["bed"])
    CareTeamMember.objects.get_or_create(client=client, clinician=ana)
    task = OutreachTask.objects.ask(
        client=client, reason=OutreachTask.Reason.MISSED_CHECK_INS, about=uuid.uuid4(), now=now
    )
    task.close(by=ana, now=now)
    Contact.objects.create(client=client, clinician=ana, at=now)
    AccessRecord.objects.note(actor=ana, subjects=[client.pk], what=AccessRecord.What.PROFILE, now=now)
    emergency = EmergencyAccess(
        client=client, clinician=ana, began_at=now, ends_at=now + timedelta(hours=1), reason_sealed=b""
    )
    emergency.reason_sealed = vault.key_for(client.pk).seal(
        WORDS["reason"], "accounts.emergency", emergency.pk, "reason"
    )
    emergency.save()
    Unsent.objects.keep([("note", [WORDS["unsent"]])], by=client, path="/check-in/", now=now)
    AuditEvent.objects.record(AuditEvent.Act.ADMITTED, by=mara, about=client, now=now)
    first, _token = Invitation.objects.issue(role="client", by=mara, now=now)
    Invitation.objects.filter(pk=first.pk).update(used_at=now, used_by=client)
    Invitation.objects.create(role="client", issued_by=mara, expires_at=now, person=client)
    EmailAddress.objects.create(user=client, email=client.email, verified=True)
    Authenticator.objects.create(user=client, type=Authenticator.Type.TOTP, data={})
    UserSession.objects.create(
        user=client, ip="192.0.2.7", session_key=uuid.uuid4().hex, user_agent=WORDS["agent"]
    )


def live_in_groups(client: User, ana: User, now: datetime) -> None:
    group = Group.objects.create(name=WORDS["group"], kind=Kind.CIRCLE, capacity=1)
    room = Room.objects.create(name="A room", capacity=10)
    for days in (-3, 2):
        start = now + timedelta(days=days)
        session = Session.plan(group=group, room=room, day=start.date(), starts_at=start, minutes=60)
        session.save()
        Facilitator.objects.create(session=session, person=ana)
        Booking.objects.create(session=session, client=client, state="confirmed", joined_at=now)
    past = Session.objects.order_by("starts_at")[0]
    Attendance.objects.create(session=past, client=client, state="absent", recorded_by=ana, recorded_at=now)
    AttendanceChange.objects.create(session=past, client=client, new="absent", changed_by=ana, changed_at=now)
    come_first(past.bookings.get(), ana, now)
    AgreementAcceptance.objects.create(group=group, client=client, version=1, at=now)
    CalendarFeed.objects.renew(client, shows_detail=True, now=now)
    live_among_others(client, group, now)
    live_as_member(client, group, ana, now)


def come_first(booking: Booking, ana: User, now: datetime) -> None:
    """They waited, and somebody wrote why they came first."""
    key = vault.key_for(booking.client_id)
    booking.priority, booking.priority_by, booking.priority_at = 1, ana, now
    booking.priority_sealed = key.seal(WORDS["priority"], "groups.booking", booking.pk, "priority")
    booking.save()


def live_as_member(client: User, group: Group, ana: User, now: datetime) -> None:
    """A time in a group that they ended themselves, and a question that they took back."""
    added = {"starts_on": now.date(), "added_by": ana, "added_at": now}
    ended = {"ends_on": now.date(), "ended_by": client, "ended_at": now}
    Membership.objects.create(group=group, client=client, **added, **ended)
    JoinRequest.objects.create(
        group=group,
        client=client,
        asked_at=now,
        answer=JoinRequest.Answer.TAKEN_BACK,
        answered_by=client,
        answered_at=now,
    )


def live_among_others(client: User, group: Group, now: datetime) -> None:
    Company.objects.create(client=client, shows_name_since=now, encouraged_since=now)
    other = User.objects.create(username="kind", role="client", chosen_name="Somebody Kind")
    for sender, recipient in ((client, other), (other, client)):
        Distance.objects.create(client=sender, other=recipient, since=now)
        Encouragement.objects.create(
            sender=sender, recipient=recipient, group=group, sentence="glad", day=now.date(), sent_at=now
        )
