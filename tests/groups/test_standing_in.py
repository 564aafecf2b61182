"""Who leads one session in place of somebody else (B9, C2)."""

from datetime import time, timedelta

import pytest

from accounts.models import AccessRecord
from accounts.roles import Role
from groups.models import Booking, Facilitator, Leave, Room
from groups.refusals import CalledOff, IsAway, IsElsewhere, IsThereAlready, LedAlready, Over
from groups.stand_ins import candidates
from notifications.models import Notification
from tests.cast import person
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
SUB = Facilitator.Role.SUBSTITUTE
DAY = timedelta(days=1)


@pytest.fixture
def studio(db) -> Room:
    return Room.objects.create(name="Studio", capacity=5)


@pytest.fixture
def kim(db):
    return person("kim", Role.CLINICIAN, "Kim Adu", "they, them")


def rows(session) -> list[tuple]:
    found = session.facilitators.order_by("pk")
    return [
        (row.person.username, row.role, row.stands_in_for and row.stands_in_for.username) for row in found
    ]


def kinds_for(user) -> list[str]:
    return sorted(Notification.objects.filter(recipient=user).values_list("kind", flat=True))


def test_b9_the_place_changes_hands_and_everybody_is_told(ana, dev, mara, noor, make_session):
    session = make_session(lead=ana)
    session.join(by=noor, now=NOW)
    for _ in range(2):
        session.substitute(dev, instead_of=ana, by=mara, now=NOW)
    session.refresh_from_db()
    assert rows(session) == [("dev", SUB, "ana")]
    assert (session.sequence, session.own_people) == (1, True)
    assert kinds_for(dev) == ["groups.stood_in"]
    assert kinds_for(ana) == ["groups.led_by_another"]
    assert kinds_for(noor) == ["groups.leads"]
    assert session.history.first().history_user == mara


def test_b9_who_arranges_it_is_not_told(ana, dev, make_session):
    session = make_session(lead=ana)
    session.substitute(dev, instead_of=ana, by=ana, now=NOW)
    assert (kinds_for(ana), kinds_for(dev)) == ([], ["groups.stood_in"])


def test_b9_a_substitute_for_a_substitute_stands_in_for_the_same_person(ana, dev, kim, make_session):
    session = make_session(lead=ana)
    session.substitute(dev, instead_of=ana, by=ana, now=NOW)
    session.substitute(kim, instead_of=dev, by=dev, now=NOW)
    assert rows(session) == [("kim", SUB, "ana")]
    session.substitute(ana, instead_of=kim, by=kim, now=NOW)
    assert rows(session) == [("ana", "lead", None)]


def test_b9_it_ends_with_the_place_as_it_was(ana, dev, kim, mara, make_series, make_session):
    series = make_series(until=TODAY + 14 * DAY)
    series.schedule(leads=[ana, kim], by=mara, now=NOW)
    session = series.sessions.order_by("starts_at").first()
    session.substitute(dev, instead_of=kim, by=mara, now=NOW)
    assert [row.person.username for row in session.leading] == ["ana", "dev"]
    for _ in range(2):
        session.end_substitution(by=mara, now=NOW)
    session.refresh_from_db()
    assert rows(session) == [("ana", "lead", None), ("kim", "co", None)]
    assert session.own_people is False
    assert "groups.led_by_another" in kinds_for(dev)
    assert "groups.handed_over" in kinds_for(kim)


def test_b9_whoever_is_away_or_elsewhere_does_not_come_back(ana, dev, studio, make_session):
    session = make_session(day=TODAY + DAY, lead=ana)
    session.substitute(dev, instead_of=ana, by=ana, now=NOW)
    leave = Leave.objects.note(person=ana, first=TODAY, last=TODAY + DAY, by=ana, now=NOW)
    with pytest.raises(IsAway):
        session.end_substitution(by=ana, now=NOW)
    leave.end(by=ana, now=NOW)
    make_session(day=TODAY + DAY, room=studio, lead=ana)
    with pytest.raises(IsElsewhere):
        session.end_substitution(by=ana, now=NOW)
    assert rows(session) == [("dev", SUB, "ana")]


def test_c2_a_substitute_is_in_one_place_and_is_not_away(ana, dev, kim, studio, make_session):
    make_session(at=time(13, 30), room=studio, lead=dev)
    Leave.objects.note(person=kim, first=TODAY, last=TODAY, by=kim, now=NOW)
    session = make_session(lead=ana)
    for somebody, refusal in ((dev, IsElsewhere), (kim, IsAway), (ana, IsThereAlready)):
        with pytest.raises(refusal):
            session.substitute(somebody, instead_of=ana, by=ana, now=NOW, reason="It has to be")
    assert rows(session) == [("ana", "lead", None)]


def test_c2_a_manager_allows_two_places_with_a_reason_that_is_kept(ana, dev, mara, studio, make_session):
    make_session(at=time(13, 30), room=studio, lead=dev)
    session = make_session(lead=ana)
    with pytest.raises(IsElsewhere):
        session.substitute(dev, instead_of=ana, by=mara, now=NOW)
    session.substitute(dev, instead_of=ana, by=mara, now=NOW, reason="Next door")
    row = session.facilitators.get()
    assert (row.overlap_allowed_by, row.overlap_reason) == (mara, "Next door")
    session.end_substitution(by=mara, now=NOW)
    row.refresh_from_db()
    assert (row.person, row.overlap_allowed_by, row.overlap_reason) == (ana, None, "")


def test_what_is_over_off_or_in_other_hands_stays_so(ana, dev, kim, make_session):
    over, off, led = (
        make_session(at=time(8), lead=ana),
        make_session(lead=ana),
        make_session(at=time(16), lead=kim),
    )
    off.cancel(by=ana, now=NOW)
    for session, refusal in ((over, Over), (off, CalledOff), (led, LedAlready)):
        with pytest.raises(refusal):
            session.substitute(dev, instead_of=ana, by=ana, now=NOW)
    with pytest.raises(LedAlready):
        led.substitute(dev, instead_of=None, by=ana, now=NOW)


def test_b9_somebody_is_chosen_for_a_session_that_nobody_leads(client_of, dev, mara, make_session):
    session = make_session()
    response = client_of(mara).post(page("substitute", session.pk), {"person": dev.pk})
    assert (response.status_code, response.headers["Location"]) == (303, session.get_absolute_url())
    assert rows(session) == [("dev", "lead", None)]
    assert kinds_for(dev) == ["groups.handed_over"]


def test_b9_those_who_know_the_group_come_first_then_who_has_least(
    ana, dev, kim, studio, make_session, django_assert_num_queries
):
    luca = person("luca", Role.CLINICIAN, "Luca Neri", "")
    busy = person("busy", Role.CLINICIAN, "Busy Bee", "")
    make_session(day=TODAY - 7 * DAY, lead=kim)
    make_session(at=time(18), room=studio, lead=dev)
    other = make_session(at=time(13), room=studio, lead=busy)
    session = type(other).objects.with_faces().get(pk=make_session(lead=ana).pk)
    with django_assert_num_queries(2):
        found = candidates(session, NOW)
    assert [one.person for one in found if not one.why_not] == [kim, luca, dev]
    assert str(found[0]) == "Kim Adu: has led this group, no other session that day"
    assert [one.why_not for one in found if one.why_not] == [str(IsElsewhere(busy, other))]


def test_b9_the_page_offers_who_is_free_and_says_why_others_are_not(
    client_of, ana, dev, kim, mara, studio, make_session
):
    make_session(at=time(13, 30), room=studio, lead=dev)
    session = make_session(lead=ana)
    Leave.objects.note(person=ana, first=TODAY, last=TODAY, by=ana, now=NOW)
    html = client_of(ana).get(page("substitute", session.pk)).content.decode()
    assert "away on that day" in html
    assert f'value="{kim.pk}"' in html
    assert f'value="{dev.pk}"' not in html
    assert "Dev Patel leads Seeking safety at that time" in html
    assert client_of(ana).post(page("substitute", session.pk), {"person": dev.pk}).status_code == 422
    response = client_of(mara).post(page("substitute", session.pk), {"person": dev.pk, "instead_of": ana.pk})
    assert response.status_code == 422
    assert "Write why this person may be in two places." in response.content.decode()
    given = {"person": kim.pk, "instead_of": ana.pk}
    assert client_of(ana).post(page("substitute", session.pk), given).status_code == 303
    assert rows(session) == [("kim", SUB, "ana")]
    assert "Stands in for Ana Ruiz." in client_of(mara).get(session.get_absolute_url()).content.decode()
    assert client_of(ana).post(page("substitute_ending", session.pk)).status_code == 303  # Ana is away still
    assert rows(session) == [("kim", SUB, "ana")]


def test_b9_the_list_opens_a_day_before_and_closes_a_week_after(
    client_of, frozen, ana, dev, noor, make_session
):
    session = make_session(day=TODAY + 3 * DAY, lead=ana)
    session.join(by=noor, now=NOW)
    session.substitute(dev, instead_of=ana, by=ana, now=NOW)
    booking, browser = Booking.objects.get(), client_of(dev)
    opens, closes = session.starts_at - DAY, session.ends_at + 7 * DAY
    a_moment = timedelta(microseconds=1)
    for moment, sees in (
        (opens - a_moment, False),
        (opens, True),
        (closes - a_moment, True),
        (closes, False),
    ):
        frozen.move_to(moment)
        browser.force_login(dev)
        html = browser.get(session.get_absolute_url()).content.decode()
        assert ("<b>Noor</b>" in html) is sees
        assert Booking.objects.visible_to(dev).filter(pk=booking.pk).exists() is sees
        assert (browser.get(page("attendance", session.pk)).status_code == 200) is sees
        assert ("You stand in here. You can read the list from" in " ".join(html.split())) is (moment < opens)
    looked = AccessRecord.objects.filter(actor=dev, subject_id=noor.pk)
    assert looked.exists()


def test_b9_whoever_is_stood_in_for_reads_that_list_no_more(ana, dev, noor, make_session):
    session = make_session(lead=ana)
    session.join(by=noor, now=NOW)
    session.substitute(dev, instead_of=ana, by=ana, now=NOW)
    assert not Booking.objects.visible_to(ana).exists()
    assert Booking.objects.visible_to(dev).exists()


def test_only_those_who_have_it_in_hand_pass_it_on(client_of, ana, dev, kim, sam, make_session):
    session = make_session(lead=ana)
    for somebody in (dev, sam):
        assert client_of(somebody).get(page("substitute", session.pk)).status_code == 404
        assert client_of(somebody).post(page("substitute", session.pk), {"person": kim.pk}).status_code == 404
        assert client_of(somebody).post(page("substitute_ending", session.pk)).status_code == 404
    session.substitute(dev, instead_of=ana, by=ana, now=NOW)
    stale = client_of(ana).post(page("substitute_ending", session.pk), {"of": kim.pk}, follow=True)
    assert "This person does not stand in any more." in stale.content.decode()
    assert rows(session) == [("dev", SUB, "ana")]  # B9: nobody else's place ends by it
    of = {"of": dev.pk}
    assert client_of(ana).post(page("substitute_ending", session.pk), of).status_code == 303
    assert rows(session) == [("ana", "lead", None)]


def test_b9_whoever_is_stood_in_for_still_moves_and_cancels_but_reads_no_list(
    ana, dev, noor, kim, make_session, client_of
):
    session = make_session(day=TODAY + 3 * DAY, lead=dev)
    session.join(by=noor, now=NOW)
    session.substitute(ana, instead_of=dev, by=dev, now=NOW)
    browser = client_of(dev)
    html = browser.get(session.get_absolute_url()).content.decode()
    assert page("session_move", session.pk) in html
    for name in ("session_move", "session_cancellation", "substitute"):
        seen = browser.get(page(name, session.pk))
        assert (seen.status_code, "Noor" in seen.content.decode()) == (200, False)
        assert client_of(kim).get(page(name, session.pk)).status_code == 404
    assert browser.get(page("attendance", session.pk)).status_code == 404
    assert "Noor" not in html
    assert session in type(session).objects.in_hands_of(dev)
    assert session not in type(session).objects.in_hands_of(kim)
