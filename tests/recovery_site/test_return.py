"""Coming back, and the last day of those who do not (A6)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts import leaving as notices_of_leaving
from accounts.models import AuditEvent
from checkins.models import CheckIn
from groups.models import Booking
from notifications import delivery
from notifications.models import Notification
from recovery_site import actions
from tests.groups.conftest import NOW, TODAY
from tests.recovery_site.conftest import TOMORROW, acts, leave

State = Booking.State
Act = AuditEvent.Act


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
