"""Discharge, death, return, and the end of the time in between (A6, B3, K4)."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import leaving as notices_of_leaving
from accounts.models import AuditEvent, CareTeamMember, Contact, EmergencyAccess, Invitation, OutreachTask
from checkins.answers import Answers
from checkins.models import CheckIn, ReminderPlan
from groups import recurrence
from groups.models import Attendance, Booking, Group, Kind, Room, Session
from groups.refusals import NotHereThen, Refused
from notifications import delivery, kinds
from notifications.models import Notification
from recovery_site import actions
from recovery_site.actions.departure import Changed, NoSuchDay, ReachOutsWait
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_joining import at_once

State = Booking.State
Act = AuditEvent.Act
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def make_session(db):
    """A session with three places in one of two rooms."""
    oak = Room.objects.create(name="Oak room", capacity=8)
    seeking = Group.objects.create(name="Seeking safety", kind=Kind.THERAPY, capacity=3)

    def make(day=TODAY, at=time(13), group=seeking):
        starts_at = recurrence.to_utc(day, at, "America/New_York")
        session = Session.plan(group=group, room=oak, day=day, starts_at=starts_at, minutes=60)
        session.save()
        return session

    return make


@pytest.fixture
def asked(sam):
    """Sam asked for someone, and nobody has gone."""
    return OutreachTask.objects.ask(
        client=sam, reason=OutreachTask.Reason.ASKED, about=uuid.uuid4(), now=NOW - timedelta(hours=1)
    )


def leave(client, by, on=TODAY, now=NOW, **more):
    actions.discharge(client=client, on=on, by=by, now=now, **more)


def acts(person) -> list[str]:
    return list(AuditEvent.objects.filter(subject_id=person.pk).order_by("pk").values_list("act", flat=True))


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
        assert states == [State.CONFIRMED] * 3 + [State.WAITLISTED]
        told = Notification.objects.filter(kind="groups.place").values_list("recipient", flat=True)
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
        leave(sam, mara)
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
        to_staff = {"groups.handed_over"}
        house = {name for name in kinds.names() if not name.startswith("accounts.")} - to_staff
        assert {name for name in house if kinds.get(name).for_residents} == house
        assert {"checkins.reminder", "groups.place", "groups.cancelled"} <= house

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


@pytest.mark.usefixtures("frozen")
class TestReturn:
    def test_a6_no_old_place_and_no_care_team_comes_back(self, sam, ana, mara, make_session):
        session = make_session(day=TOMORROW)
        session.join(by=sam, now=NOW)
        leave(sam, mara)
        later = NOW + timedelta(hours=2)
        stay = actions.readmit(client=sam, on=TODAY, bed="Oak 1", by=mara, now=later)
        assert (sam.away_since, sam.is_alum, sam.stays.count()) == (None, False, 2)
        assert (stay.admitted_on, stay.bed) == (TODAY, "Oak 1")
        assert not sam.bookings.active().exists()
        assert list(sam.care_team()) == []
        assert not CheckIn.objects.visible_to(ana).exists()
        assert acts(sam) == [Act.DISCHARGED, Act.ADMITTED]
        assert session.join(by=sam, now=later).state == State.CONFIRMED

    def test_a6_an_account_that_was_closed_opens_and_keeps_its_journal(self, luz, mara, frozen, client_of):
        frozen.move_to(NOW + timedelta(days=120))
        actions.close_departed(NOW + timedelta(days=120))
        day = TODAY + timedelta(days=120)
        actions.readmit(client=luz, on=day, bed="", by=mara, now=NOW + timedelta(days=120))
        luz.refresh_from_db()
        assert (luz.is_active, luz.closed_at, luz.away_since) == (True, None, None)
        assert acts(luz) == [Act.CLOSED, Act.REOPENED, Act.ADMITTED]
        assert "The last evening" in client_of(luz).get("/journal/").content.decode()

    def test_a6_the_first_stay_begins_by_the_same_door(self, mara, django_user_model):
        fern = django_user_model.objects.create(username="fern", role="client", chosen_name="Fern")
        actions.readmit(client=fern, on=TODAY, bed="", by=mara, now=NOW)
        assert acts(fern) == [Act.ADMITTED]

    def test_a8_what_was_erased_does_not_come_back(self, luz, mara):
        luz.erased_at, luz.is_active = NOW, False
        luz.save()
        with pytest.raises(ValidationError):
            actions.readmit(client=luz, on=TODAY, bed="", by=mara, now=NOW)
        luz.refresh_from_db()
        assert not luz.is_active


class TestTheLastDay:
    """Luz left on 2026-11-14, which is the first of 90 days; 2027-02-11 is the last, New York time."""

    LAST_MINUTE = datetime(2027, 2, 12, 4, 59, tzinfo=UTC)
    MIDNIGHT = datetime(2027, 2, 12, 5, 0, tzinfo=UTC)

    @pytest.fixture
    def luz(self, luz):
        luz.away_since = date(2026, 11, 14)
        luz.save()
        return luz

    def is_open_at(self, luz, now) -> bool:
        actions.close_departed(now)
        luz.refresh_from_db()
        return luz.is_active

    def test_a6_the_account_closes_with_day_91_and_not_before(self, luz):
        assert luz.last_day == date(2027, 2, 11)
        day_89 = datetime(2027, 2, 10, 17, 0, tzinfo=UTC)
        assert [self.is_open_at(luz, now) for now in (day_89, self.LAST_MINUTE)] == [True, True]
        assert not self.is_open_at(luz, self.MIDNIGHT)
        assert luz.closed_at == self.MIDNIGHT
        event = AuditEvent.objects.get(act=Act.CLOSED)
        assert (event.actor_id, event.subject_id) == (None, luz.pk)

    def test_a6_it_closes_once_and_what_waits_is_dropped_and_nothing_deleted(self, luz):
        notices_of_leaving.post_closes_soon(luz, self.LAST_MINUTE)
        for _again in range(2):
            actions.close_departed(self.MIDNIGHT)
        assert acts(luz) == [Act.CLOSED]
        assert Notification.objects.get().state == Notification.State.DROPPED
        assert luz.journal_entries.count() == 1

    def test_a6_a_night_that_was_missed_is_made_up_for(self, luz):
        assert not self.is_open_at(luz, self.MIDNIGHT + timedelta(days=9))

    def test_a6_who_came_back_stays_open(self, luz, mara):
        actions.readmit(client=luz, on=date(2026, 11, 20), bed="", by=mara, now=NOW)
        assert self.is_open_at(luz, self.MIDNIGHT)

    def test_a6_signed_in_when_it_closes_the_next_request_must_sign_in(self, luz, client_of, frozen):
        frozen.move_to(self.LAST_MINUTE)
        browser = client_of(luz)
        assert browser.get("/journal/").status_code == 200
        actions.close_departed(self.MIDNIGHT)
        assert browser.get("/journal/").status_code == 302

    def test_a6_a_week_before_they_are_told_once(self, luz, frozen, mailoutbox):
        morning = datetime(2027, 2, 4, 5, 10, tzinfo=UTC)
        actions.tell_before_closing(morning)
        assert not Notification.objects.exists()
        for day in range(1, 9):
            frozen.move_to(morning + timedelta(days=day, hours=9))
            actions.tell_before_closing(morning + timedelta(days=day))
            delivery.deliver()
        notice = Notification.objects.get()
        assert (notice.recipient, notice.state) == (luz, Notification.State.SENT)
        [mail] = mailoutbox
        assert (mail.subject, mail.to) == ("You have a message", [luz.email])


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Whatever happens in the same moment, nobody who left has a place, and nobody waits for ever."""

    def test_a6_two_managers_discharge_one_person_once(self, sam, mara, make_session):
        make_session(day=TOMORROW).join(by=sam, now=NOW)
        results = at_once(lambda person: leave(type(sam).objects.get(pk=person.pk), mara), [sam] * 4)
        assert results == [None] * 4
        assert acts(sam) == [Act.DISCHARGED]

    def test_a6_joining_while_being_discharged_leaves_no_place(self, sam, mara, make_session):
        art = Group.objects.create(name="Clay", kind=Kind.ART, capacity=5)
        make_session(day=TOMORROW).join(by=sam, now=NOW)
        sessions = [
            make_session(day=TOMORROW + timedelta(days=n), group=art, at=time(16)) for n in range(1, 8)
        ]

        def work(session):
            person = type(sam).objects.get(pk=sam.pk)
            return leave(person, mara) if session is None else session.join(by=person, now=NOW)

        results = at_once(work, [None, *sessions])
        assert results[0] is None
        assert {type(result) for result in results[1:]} <= {Booking, NotHereThen}
        assert not sam.bookings.active().exists()

    def test_a6_promotion_and_discharge_at_once_leave_no_place_and_block_nobody(
        self, sam, mara, make_session
    ):
        people = residents(8)
        sessions = [make_session(day=TOMORROW + timedelta(days=n)) for n in range(4)]
        first = []
        for number, session in enumerate(sessions):
            order = people[number:] + people[:number]
            rows = [
                session.join(by=person, now=NOW + timedelta(seconds=n), or_wait=True)
                for n, person in enumerate([order[0], sam, *order[1:]])
            ]
            first.append(rows[0])
        leavers = [*first, None, *people[4:6]]

        def work(what):
            if what is None:
                return leave(type(sam).objects.get(pk=sam.pk), mara)
            if isinstance(what, Booking):
                return what.cancel(by=what.client, now=NOW)
            return leave(what, mara)

        results = at_once(work, leavers)
        assert [result for result in results if not isinstance(result, Refused)] == [None] * len(leavers)
        for person in (sam, *people[4:6]):
            assert not person.bookings.active().exists()
        for session in sessions:
            assert session.bookings.confirmed().count() == 3

    def test_a6_a_wish_for_a_talk_is_never_lost_in_a_discharge(self, sam, ana, mara):
        def work(what):
            person = type(sam).objects.get(pk=sam.pk)
            if what == "leave":
                return leave(person, mara)
            return CheckIn.objects.ask(by=person, now=NOW)

        left, said = at_once(work, ["leave", "ask"])
        sam.refresh_from_db()
        if sam.away_since:
            assert left is None
            assert isinstance(said, PermissionDenied)
            assert not OutreachTask.objects.exists()
        else:
            assert isinstance(left, ReachOutsWait)
            assert OutreachTask.objects.in_no_hands().count() == 1
