"""A9: nobody of the staff leaves with work in hand, and somebody always manages."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import AuditEvent, CareTeamMember, Invitation, OutreachTask, User
from accounts.roles import Role
from groups import recurrence
from groups.clashes import Clashes
from groups.models import Facilitator, Series, Session
from groups.refusals import HasLeft
from notifications.models import Notification
from recovery_site.actions import discharge
from recovery_site.actions.handover import (
    Takers,
    close_staff_account,
    hand_over,
)
from recovery_site.actions.in_hand import in_hands_of
from tests.cast import person
from tests.home.conftest import NOW, TODAY, squeezed


@pytest.fixture(autouse=True)
def _at_that_time(frozen):
    """Everything here happens on that Tuesday."""


@pytest.fixture
def mo(db) -> User:
    return person("mo", Role.CLINICIAN, "Mo Lindqvist", "")


@pytest.fixture
def talk(sam, ana) -> OutreachTask:
    task = OutreachTask.objects.ask(client=sam, reason="asked", about=sam.pk, now=NOW)
    task.take(by=ana, now=NOW)
    return task


@pytest.fixture
def weekly(make_session, ana, dev, mara) -> Series:
    """Tuesdays at six, led by Ana; Dev leads it too. Twelve weeks are laid out."""
    session = make_session("Evening circle", time(8), lead=None)
    series = Series(
        group=session.group,
        room=session.room,
        start_date=TODAY,
        start_time=time(18),
        minutes=60,
        rule=recurrence.weekly([1]),
    )
    session.delete()
    series.schedule(leads=[ana, dev], by=mara, now=NOW)
    return series


QUERIES = 10  # of the page, however much is in hand


def page(user: User, name="leaving") -> str:
    return reverse(f"home:{name}", args=[user.pk])


def leads(session: Session) -> list[tuple[str, str]]:
    return [(row.person.username, row.role) for row in session.facilitators.select_related("person")]


def kinds_for(user: User) -> list[str]:
    return sorted(user.notices.values_list("kind", flat=True))


def closes(user: User, by: User) -> list[str]:
    """What stands in the way; nothing when the account is closed now."""
    try:
        close_staff_account(person=user, by=by, now=NOW)
    except ValidationError as refusal:
        return refusal.messages
    return []


def test_a9_the_page_lists_what_a_colleague_has_in_hand(
    ana, dev, mara, sam, noor, talk, weekly, make_session, client_of
):
    make_session("Clay and color", lead=ana)
    CareTeamMember.objects.create(client=noor, clinician=ana)
    Invitation.objects.issue(role=Role.CLIENT, by=ana, now=NOW)
    text = squeezed(client_of(mara).get(page(ana)).content.decode())
    assert "Evening circle" in text
    assert "13 sessions, Tue 24 Nov, 6:00 p.m. to Tue 16 Feb, 6:00 p.m." in text.replace("pm", "p.m.")
    assert "Clay and color" in text
    assert text.count("Primary clinician") == 1
    assert text.count("On the care team") == 1
    assert "Waits since Tue 24 Nov" in text
    assert "An invitation of theirs still waits." in text
    assert "Close the account" not in text
    assert '<option value="nobody">Nobody, their part ends</option>' in text


def test_a9_nobody_is_closed_while_anything_is_in_their_hands(ana, dev, mara, sam, talk, make_session):
    session = make_session(lead=ana)
    wording = ["Hand this over first.", "They care for 1 client.", "They lead 1 session ahead."]
    assert closes(ana, mara) == [*wording, "They are going to talk to 1 person."]
    hand_over(person=ana, takers=Takers(led={session.pk: None}), by=mara, now=NOW)
    assert closes(ana, mara) == ["Hand over their clients first."]
    member = CareTeamMember.objects.get()
    hand_over(person=ana, takers=Takers(members={member.pk: dev}), by=mara, now=NOW)
    assert closes(ana, mara) == ["Hand over their reach-outs first."]
    assert User.objects.get(pk=ana.pk).is_active
    hand_over(person=ana, takers=Takers(talks={talk.pk: None}), by=mara, now=NOW)
    assert closes(ana, mara) == []
    assert not ana.is_active
    assert ana.closed_at == NOW


def test_a9_a_series_goes_over_whole_and_what_is_laid_out_later_too(ana, dev, mo, mara, weekly, frozen):
    (led,) = in_hands_of(ana, NOW).led
    assert (led.key, len(led.sessions)) == (weekly.pk, 13)
    hand_over(person=ana, takers=Takers(led={weekly.pk: mo}), by=mara, now=NOW)
    assert {tuple(leads(session)) for session in weekly.sessions.all()} == {(("mo", "lead"), ("dev", "co"))}
    frozen.shift(timedelta(weeks=1))
    assert weekly.lay_out(NOW + timedelta(weeks=1)) == 1
    assert leads(weekly.sessions.latest("starts_at")) == [("mo", "lead"), ("dev", "co")]
    assert in_hands_of(ana, NOW).led == []


@pytest.mark.parametrize("taker", ["nobody", "dev"])
def test_a9_whoever_leads_it_too_leads_it_alone(ana, dev, mara, weekly, taker):
    to = dev if taker == "dev" else None
    hand_over(person=ana, takers=Takers(led={weekly.pk: to}), by=mara, now=NOW)
    assert {tuple(leads(session)) for session in weekly.sessions.all()} == {(("dev", "lead"),)}
    assert [(row.person, row.role) for row in weekly.facilitators.all()] == [(dev, "lead")]


def test_a9_an_open_series_without_a_session_counts_too(ana, mara, weekly):
    weekly.sessions.all().delete()
    (led,) = in_hands_of(ana, NOW).led
    assert (led.key, led.sessions) == (weekly.pk, [])
    assert closes(ana, mara)[0] == "Hand this over first."


def test_c2_a_clash_saves_nothing_and_names_the_day(ana, dev, mo, mara, sam, noor, make_session, client_of):
    session = make_session("Clay and color", time(13), lead=ana)
    other = make_session("Morning circle", time(12, 30), lead=mo)
    member = CareTeamMember.objects.get()
    answer = {f"led-{session.pk}": mo.pk, f"member-{member.pk}": mo.pk}
    response = client_of(mara).post(page(ana), answer)
    text = squeezed(response.content.decode())
    assert response.status_code == 422
    assert "Clay and color: Tue 24 Nov 2026: Mo Lindqvist is taken by Morning circle, 12:30 p.m." in text
    assert f'href="#id_led-{session.pk}"' in text  # the words lead to the choice that made it
    assert f'<option value="{mo.pk}" selected>' in text
    assert leads(session) == [("ana", "lead")]
    assert sam.primary_clinician == ana
    other.cancel(by=mo, now=NOW)
    done = client_of(mara).post(page(ana), answer)
    assert done.status_code == 200
    assert "<bdi>Clay and color</bdi>" in squeezed(done.content.decode())
    assert "<dd><bdi>Mo Lindqvist</bdi></dd>" in squeezed(done.content.decode())
    assert leads(session) == [("mo", "lead")]
    assert sam.primary_clinician == mo


def test_c2_two_things_at_one_time_do_not_go_to_one_person(ana, mo, mara, make_session):
    one = make_session("Clay and color", time(13), lead=ana)
    two = make_session("Morning circle", time(13, 30))
    Facilitator.objects.create(
        session=two, person=ana, overlap_allowed_by=mara, overlap_reason="It is next door."
    )
    with pytest.raises(Clashes) as refusal:
        hand_over(person=ana, takers=Takers(led={one.pk: mo, two.pk: mo}), by=mara, now=NOW)
    assert [(clash.planned, clash.other) for clash in refusal.value.found] == [(one, two)]
    assert leads(one) == leads(two) == [("ana", "lead")]


def test_a9_the_primary_clinician_is_followed_by_somebody(ana, dev, mara, sam, client_of):
    (member,) = in_hands_of(ana, NOW).members
    with pytest.raises(ValidationError, match="primary"):
        hand_over(person=ana, takers=Takers(members={member.pk: None}), by=mara, now=NOW)
    response = client_of(mara).post(page(ana), {f"member-{member.pk}": "nobody"})
    assert response.status_code == 422
    assert sam.primary_clinician == ana


def test_a9_all_of_a_sort_go_to_one_where_nothing_else_is_chosen(ana, dev, mo, mara, sam, noor, client_of):
    CareTeamMember.objects.create(client=noor, clinician=ana, is_primary=True)
    first = CareTeamMember.objects.get(client=sam)
    data = {"member-all": str(mo.pk), f"member-{first.pk}": str(dev.pk)}
    assert client_of(mara).post(page(ana), data).status_code == 200
    assert (sam.primary_clinician, noor.primary_clinician) == (dev, mo)


def test_a9_those_concerned_are_told_and_it_is_recorded(
    ana, dev, mo, mara, sam, noor, talk, make_session, book
):
    session = make_session(lead=ana)
    book(session, noor)
    Notification.objects.all().delete()
    takers = Takers({session.pk: mo}, {CareTeamMember.objects.get().pk: mo}, {talk.pk: dev})
    hand_over(person=ana, takers=takers, by=mara, now=NOW)
    assert kinds_for(noor) == ["groups.leads"]
    assert kinds_for(sam) == ["accounts.care_team"]
    assert kinds_for(mo) == ["groups.handed_over"]
    assert kinds_for(dev) == ["accounts.outreach_handed_over"]
    assert kinds_for(ana) == []
    talk.refresh_from_db()
    assert talk.taken_by == dev
    acts = set(AuditEvent.objects.filter(actor_id=mara.pk).values_list("act", "subject_id"))
    assert ("handed_over", ana.pk) in acts
    assert ("care_team", sam.pk) in acts


def test_a_talk_that_goes_back_is_everybodys_of_the_care_team_again(ana, mo, mara, sam, talk):
    CareTeamMember.objects.create(client=sam, clinician=mo)
    hand_over(person=ana, takers=Takers(talks={talk.pk: None}), by=mara, now=NOW)
    talk.refresh_from_db()
    assert (talk.taken_by, talk.taken_at) == (None, None)
    assert kinds_for(mo) == ["accounts.outreach_again"]


def test_a9_only_a_clinician_who_is_here_can_take_over(ana, dev, eli, mara, make_session):
    session = make_session(lead=ana)
    User.objects.filter(pk=dev.pk).update(is_active=False)
    for taker in (dev, eli, ana):
        with pytest.raises(ValidationError, match="cannot take this over"):
            hand_over(person=ana, takers=Takers(led={session.pk: taker}), by=mara, now=NOW)
    assert leads(session) == [("ana", "lead")]


def test_a_closed_colleague_takes_on_nothing(dev, mara, sam, talk, weekly, make_session):
    free = make_session("Clay and color", time(10, 30))
    Facilitator.objects.filter(person=dev).delete()
    stale = User.objects.get(pk=dev.pk)
    close_staff_account(person=dev, by=mara, now=NOW)
    with pytest.raises(HasLeft):
        free.take_over(by=stale, now=NOW)
    waits = OutreachTask.objects.ask(client=sam, reason="asked", about=mara.pk, now=NOW)
    with pytest.raises(PermissionDenied):
        waits.take(by=stale, now=NOW)
    with pytest.raises(ValidationError):
        CareTeamMember.objects.appoint(client=sam, clinician=stale, by=mara, now=NOW)


@pytest.mark.parametrize("clients", [1, 30])
def test_the_page_costs_the_same_for_many(
    clients, ana, mara, client_of, make_session, django_assert_num_queries
):
    for number in range(clients):
        client = person(f"c{number}", Role.CLIENT, f"Client {number}", "")
        CareTeamMember.objects.create(client=client, clinician=ana)
        make_session(f"Group {number}", time(11, number), lead=ana, minutes=1)
        OutreachTask.objects.ask(client=client, reason="asked", about=client.pk, now=NOW).take(
            by=ana, now=NOW
        )
    browser = client_of(mara)
    browser.get("/today/")
    with django_assert_num_queries(QUERIES):
        browser.get(page(ana))


def readers_of(task: OutreachTask) -> list[str]:
    staff = User.objects.staff().order_by("username")
    return [one.username for one in staff if OutreachTask.objects.visible_to(one).filter(pk=task.pk)]


def test_a6_a_talk_with_somebody_who_left_does_not_go_back_to_nobody(ana, dev, mara, sam, talk, client_of):
    discharge(client=sam, on=TODAY, by=mara, now=NOW)
    browser = client_of(mara)
    assert "The care team" not in squeezed(browser.get(page(ana)).content.decode())
    assert browser.post(page(ana), {f"talk-{talk.pk}": "nobody"}).status_code == 422
    with pytest.raises(ValidationError, match="Nobody is on their care team any more"):
        hand_over(person=ana, takers=Takers(talks={talk.pk: None}), by=mara, now=NOW)
    assert readers_of(talk) == ["ana"]
    assert browser.post(page(ana), {f"talk-{talk.pk}": dev.pk}).status_code == 200
    assert readers_of(talk) == ["dev"]


def test_a9_a_talk_is_given_to_nobody_who_is_no_clinician_any_more(ana, dev, mara, talk):
    User.objects.filter(pk=dev.pk).update(role=Role.EDITOR)
    with pytest.raises(ValidationError, match="no clinician here any more"):
        talk.hand_over(to=dev, by=mara, now=NOW)
    assert readers_of(talk) == ["ana"]


def test_a9_sheets_that_only_the_leaver_can_fill_in_are_named(ana, noor, mara, make_session, book, client_of):
    words = "One attendance sheet of the last days is not filled in yet."
    session = make_session(lead=ana, at=time(8))
    assert words not in squeezed(client_of(mara).get(page(ana)).content.decode())
    book(session, noor)
    assert words in squeezed(client_of(mara).get(page(ana)).content.decode())
