"""Discharge and death: what ends, and what goes out (A6, B3, K4)."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts import leaving as notices_of_leaving
from accounts.models import (
    AuditEvent,
    Bringing,
    CareTeamMember,
    Contact,
    EmergencyAccess,
    Invitation,
    OutreachTask,
)
from checkins.answers import Answers
from checkins.models import CheckIn, ReminderPlan
from groups.models import Attendance, Booking
from groups.refusals import NotHereThen
from notifications import delivery, kinds
from notifications.models import Notification
from recovery_site import actions
from recovery_site.actions.departure import Changed, NoSuchDay, ReachOutsWait
from tests.groups.conftest import NOW, TODAY, residents
from tests.recovery_site.conftest import TOMORROW, YESTERDAY, acts, leave

State = Booking.State
Act = AuditEvent.Act


@pytest.fixture
def asked(sam):
    """Sam asked for someone, and nobody has gone."""
    return OutreachTask.objects.ask(
        client=sam, reason=OutreachTask.Reason.ASKED, about=uuid.uuid4(), now=NOW - timedelta(hours=1)
    )


@pytest.mark.usefixtures("frozen")
class TestDischarge:
    def test_a6_places_ahead_end_and_go_to_the_first_in_line(self, sam, mara, make_session):
        session = make_session(day=TOMORROW)
        people = residents(4)
        for number, person in enumerate([sam, *people]):
            session.join(by=person, now=NOW + timedelta(seconds=number), or_wait=True)
        leave(sam, mara)
        booking = sam.bookings.get()
        assert (booking.state, booking.closed_at) == (State.REMOVED, NOW)
        states = [session.bookings.get(client=person).state for person in people]
        assert states == [State.CONFIRMED] * 2 + [State.OFFERED, State.WAITLISTED]
        told = Notification.objects.filter(kind="groups.offer").values_list("recipient", flat=True)
        assert list(told) == [people[2].pk]

    def test_a6_a_place_on_a_waitlist_goes_and_what_has_begun_stays(self, sam, mara, make_session):
        running, ahead = make_session(at=time(9, 30)), make_session(day=TOMORROW)
        before = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
        running.join(by=sam, now=before)
        for person in residents(3):
            ahead.join(by=person, now=before)
        ahead.join(by=sam, now=before, or_wait=True)
        leave(sam, mara)
        assert running.bookings.get(client=sam).state == State.CONFIRMED
        assert ahead.bookings.get(client=sam).state == State.REMOVED

    def test_a6_noted_a_day_late_it_ends_what_lay_between_but_no_mark(self, sam, ana, mara, make_session):
        early = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
        missed, was_there = make_session(at=time(8)), make_session(at=time(6))
        for session in (missed, was_there):
            session.join(by=sam, now=early)
        Attendance.objects.create(
            session=was_there, client=sam, state="present", recorded_by=ana, recorded_at=NOW
        )
        leave(sam, mara, on=YESTERDAY)
        assert missed.bookings.get().state == State.REMOVED
        assert was_there.bookings.get().state == State.CONFIRMED
        assert sam.stays.get().discharged_on == YESTERDAY
        assert sam.away_since == TODAY

    def test_a6_all_else_that_belongs_to_the_stay_ends(self, sam, ana, dev, mara):
        plan = ReminderPlan.objects.for_client(sam)
        ReminderPlan.objects.plan(NOW)
        card = Invitation.objects.create(
            role="client", person=sam, issued_by=ana, expires_at=NOW + timedelta(days=1)
        )
        emergency = EmergencyAccess.objects.create(
            client=sam,
            clinician=dev,
            reason_sealed=b"x",
            began_at=NOW - timedelta(minutes=5),
            ends_at=NOW + timedelta(minutes=55),
        )
        Bringing.objects.create(owner=sam, entry_id=sam.pk, session_id=sam.pk, made_at=NOW)
        leave(sam, mara)
        assert not Bringing.objects.exists()
        for row in (plan, card, emergency, sam):
            row.refresh_from_db()
        assert plan.next_at is None
        assert (card.revoked_at, card.revoked_by) == (NOW, mara)
        assert emergency.ends_at == NOW
        assert [row.ended_at for row in sam.care_team_rows.all()] == [NOW]
        assert (sam.stays.get().discharged_on, sam.away_since, sam.is_active) == (TODAY, TODAY, True)
        assert acts(sam) == [Act.DISCHARGED]

    def test_k4_what_waits_is_dropped_what_was_sent_stays_and_security_mail_goes_on(self, sam, mara):
        def post(kind, **more):
            return Notification.objects.create(
                recipient=sam, kind=kind, about=uuid.uuid4(), due_on=TODAY, not_before=NOW, **more
            )

        reminder, reset = post("checkins.reminder"), post("accounts.password_reset")
        read = post("groups.cancelled", shown_at=NOW)
        sent = post("checkins.reminder", state=Notification.State.SENT, sent_at=NOW)
        leave(sam, mara)
        states = []
        for row in (reminder, reset, read, sent):
            row.refresh_from_db()
            states.append(row.state)
        assert states == ["dropped", "due", "noted", "sent"]

    def test_k4_a_message_in_hand_is_dropped_when_it_is_about_to_be_sent(self, sam, mara, make_session):
        session = make_session(day=TOMORROW)
        session.join(by=sam, now=NOW)
        session.cancel(by=mara, now=NOW)
        claim = Notification.objects.claim(NOW, 10)
        leave(sam, mara)
        delivery.deliver_claimed(claim)
        message = Notification.objects.get(recipient=sam)
        assert (message.kind, message.state) == ("groups.cancelled", Notification.State.DROPPED)

    def test_k4_every_kind_about_the_house_is_for_residents(self):
        to_staff = {
            *("groups.handed_over", "groups.stood_in", "groups.led_by_another"),
            *("groups.plan_changed", "groups.request", "groups.left_group", "groups.missed", "groups.sheet"),
            *("checkins.outreach_without_team", "journal.shared"),
        }
        not_ours = ("accounts.", "notifications.")  # about the account, and how its person is reached
        house = {name for name in kinds.names() if not name.startswith(not_ours)} - to_staff
        assert {name for name in house if kinds.get(name).for_residents} == house
        assert {"checkins.reminder", "groups.place", "groups.offer", "groups.cancelled"} <= house

    def test_a6_an_open_reach_out_must_be_seen_to_first(self, sam, ana, mara, asked):
        with pytest.raises(ReachOutsWait, match="Somebody has to see to the reach-out first"):
            leave(sam, mara)
        sam.refresh_from_db()
        assert (sam.away_since, sam.stays.get().discharged_on) == (None, None)
        assert acts(sam) == []
        asked.close(by=ana, now=NOW)
        leave(sam, mara)
        assert sam.away_since == TODAY

    def test_a6_what_was_handed_over_stays_with_its_clinician_until_they_talked(self, sam, ana, mara, asked):
        actions.hand_over_reach_outs(client=sam, to=ana, by=mara, now=NOW)
        actions.hand_over_reach_outs(client=sam, to=ana, by=mara, now=NOW)
        told = Notification.objects.get(kind=notices_of_leaving.HANDED_OVER)
        assert told.recipient == ana
        leave(sam, mara)
        assert list(OutreachTask.objects.visible_to(ana)) == [asked]
        assert not CheckIn.objects.visible_to(ana).exists()
        asked.close(by=ana, now=NOW)
        assert Contact.objects.get().clinician == ana
        assert acts(sam) == [Act.HANDED_OVER, Act.DISCHARGED]

    def test_a6_what_changed_since_the_page_was_read_is_refused(self, sam, mara, make_session):
        mark = actions.effects_of_leaving(client=sam, on=TODAY, now=NOW).mark
        make_session(day=TOMORROW).join(by=sam, now=NOW)
        with pytest.raises(Changed):
            leave(sam, mara, seen=mark)
        assert sam.bookings.get().state == State.CONFIRMED
        leave(sam, mara, seen=actions.effects_of_leaving(client=sam, on=TODAY, now=NOW).mark)
        assert sam.bookings.get().state == State.REMOVED

    @pytest.mark.parametrize("on", [TOMORROW, date(2026, 11, 6)])
    def test_a6_a_day_outside_of_the_stay_is_refused(self, sam, mara, on):
        with pytest.raises(NoSuchDay):
            leave(sam, mara, on=on)

    def test_a6_twice_is_once(self, sam, mara):
        leave(sam, mara)
        leave(sam, mara, now=NOW + timedelta(days=1), on=TOMORROW)
        assert (sam.stays.get().discharged_on, sam.away_since) == (TODAY, TODAY)
        assert acts(sam) == [Act.DISCHARGED]

    def test_a6_who_has_left_cannot_join_or_check_in(self, sam, mara, make_session):
        stale = type(sam).objects.get(pk=sam.pk)  # as a request knew them a moment ago
        session = make_session(day=TOMORROW)
        leave(sam, mara)
        with pytest.raises(NotHereThen):
            session.join(by=stale, now=NOW)
        with pytest.raises(PermissionDenied):
            CheckIn.objects.answer(Answers(mood=3), by=stale, now=NOW)
        assert not CheckIn.objects.exists()

    def test_11_the_next_request_of_every_browser_must_sign_in(self, sam, mara, client_of):
        browsers = [client_of(sam), client_of(sam)]
        leave(sam, mara)
        assert [browser.get("/journal/").status_code for browser in browsers] == [302, 302]
        again = client_of(sam)
        assert again.get("/journal/").status_code == 200


@pytest.mark.usefixtures("frozen")
class TestDeath:
    def test_a6_everything_ends_and_nothing_goes_out(self, sam, ana, mara, asked, make_session, mailoutbox):
        session = make_session(day=TOMORROW)
        session.join(by=sam, now=NOW)
        for kind in ("checkins.reminder", "accounts.password_reset", "groups.cancelled"):
            Notification.objects.post(
                recipient=sam, kind=kind, about=uuid.uuid4(), due_on=TODAY, not_before=NOW
            )
        actions.record_death(client=sam, on=YESTERDAY, by=mara, now=NOW)
        for row in (sam, asked):
            row.refresh_from_db()
        assert (sam.is_active, sam.closed_at, sam.stays.get().discharged_on) == (False, NOW, YESTERDAY)
        assert (asked.closed_at, asked.closed_by) == (NOW, mara)
        assert not Contact.objects.exists()
        assert session.bookings.get().state == State.REMOVED
        assert not CareTeamMember.objects.standing().exists()
        assert set(Notification.objects.filter(recipient=sam).values_list("state", flat=True)) == {"dropped"}
        assert acts(sam) == [Act.DISCHARGED, Act.CLOSED]
        delivery.deliver()
        assert mailoutbox == []

    def test_a6_a_message_that_comes_up_later_is_dropped_too(self, sam, mara, mailoutbox):
        actions.record_death(client=sam, on=TODAY, by=mara, now=NOW)
        Notification.objects.post(
            recipient=sam, kind="accounts.password_reset", about=uuid.uuid4(), due_on=TODAY, not_before=NOW
        )
        delivery.deliver()
        assert Notification.objects.get().state == Notification.State.DROPPED
        assert mailoutbox == []

    def test_a6_nobody_is_written_to_about_it_and_twice_is_once(self, sam, ana, mara):
        for _again in range(2):
            actions.record_death(client=sam, on=TODAY, by=mara, now=NOW)
        assert not Notification.objects.exists()
        assert acts(sam) == [Act.DISCHARGED, Act.CLOSED]

    def test_a6_of_somebody_who_had_left_only_the_account_closes(self, luz, mara):
        actions.record_death(client=luz, on=TODAY, by=mara, now=NOW)
        luz.refresh_from_db()
        assert not luz.is_active
        assert acts(luz) == [Act.CLOSED]

    def test_a6_noted_by_mistake_a_new_stay_opens_the_account(self, sam, mara, client_of):
        actions.record_death(client=sam, on=TODAY, by=mara, now=NOW)
        actions.readmit(client=sam, on=TODAY, bed="Elm 2", by=mara, now=NOW)
        assert client_of(sam).get("/journal/").status_code == 200
