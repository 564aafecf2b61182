"""Roles of colleagues: who may give them, what must be handed over, and the last manager (A9)."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from accounts.models import AuditEvent, OutreachTask, User
from accounts.roles import Role
from groups import recurrence
from groups.models import Facilitator, Series
from recovery_site.actions.role import change_role
from tests.home.conftest import NOW, TODAY, squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def second(db) -> User:
    return User.objects.create(username="mo", chosen_name="Mo", role=Role.MANAGER)


def page(user: User) -> str:
    return reverse("home:role", args=[user.pk])


def test_a_manager_gives_another_role_and_it_is_noted(eli, mara, client_of):
    browser, was_open = client_of(mara), client_of(eli)
    assert was_open.get("/library/").status_code == 200
    response = browser.post(page(eli), {"role": "clinician", "sure": "on"})
    assert (response.status_code, response["Location"]) == (303, reverse("home:person", args=[eli.pk]))
    assert User.objects.get(pk=eli.pk).role == Role.CLINICIAN
    assert list(AuditEvent.objects.values_list("act", "actor_id", "subject_id", "detail")) == [
        ("role", mara.pk, eli.pk, "clinician")
    ]


def test_no_role_is_chosen_already_and_none_changes_by_a_slip(eli, mara, client_of):
    browser = client_of(mara)
    words = squeezed(browser.get(page(eli)).content.decode())
    assert 'value="editor"' not in words
    assert "checked" not in words
    assert browser.post(page(eli), {"role": "manager"}).status_code == 422
    assert User.objects.get(pk=eli.pk).role == Role.EDITOR


def test_a_new_role_ends_every_session(eli, mara, client_of):
    browser = client_of(eli)
    change_role(person=eli, role=Role.MANAGER, by=mara, now=NOW)
    response = browser.get("/today/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/today/")


def test_the_same_role_changes_nothing(eli, mara, client_of):
    browser = client_of(eli)
    change_role(person=eli, role=Role.EDITOR, by=mara, now=NOW)
    assert browser.get("/today/").status_code == 200
    assert not AuditEvent.objects.exists()


def test_a_client_has_no_page_for_a_role(sam, mara, client_of):
    assert client_of(mara).get(page(sam)).status_code == 404
    with pytest.raises(ValidationError, match="no client becomes staff"):
        change_role(person=sam, role=Role.EDITOR, by=mara, now=NOW)


def test_nobody_becomes_a_client(dev, mara, client_of):
    response = client_of(mara).post(page(dev), {"role": "client", "sure": "on"})
    assert response.status_code == 422
    with pytest.raises(ValidationError, match="Nobody becomes a client"):
        change_role(person=dev, role=Role.CLIENT, by=mara, now=NOW)


def test_a9_a_clinician_hands_over_first(sam, ana, mara, client_of, make_session):
    make_session(lead=ana, day=TODAY + timedelta(days=1))
    task = OutreachTask.objects.ask(client=sam, reason="asked", about=uuid.uuid4(), now=NOW)
    task.take(by=ana, now=NOW)
    response = client_of(mara).post(page(ana), {"role": "editor", "sure": "on"})
    words = squeezed(response.content.decode())
    assert response.status_code == 422
    for line in (
        "They care for 1 client.",
        "They lead 1 session ahead.",
        "They are going to talk to 1 person.",
    ):
        assert line in words
    assert User.objects.get(pk=ana.pk).role == Role.CLINICIAN


def test_a9_what_is_over_need_not_be_handed_over(sam, ana, mara, make_session):
    make_session(lead=ana, day=TODAY - timedelta(days=1))
    sam.care_team_rows.update(ended_at=NOW)
    change_role(person=ana, role=Role.EDITOR, by=mara, now=NOW)
    assert User.objects.get(pk=ana.pk).role == Role.EDITOR


def test_a9_the_last_manager_stays_manager(mara, client_of):
    closed = User.objects.create(username="old", chosen_name="Old", role=Role.MANAGER, is_active=False)
    response = client_of(mara).post(page(mara), {"role": "editor", "sure": "on"})
    assert response.status_code == 422
    assert "This is the last manager." in response.content.decode()
    assert client_of(mara).get(page(closed)).status_code == 404


def test_one_of_two_managers_may_step_down(mara, second, client_of):
    response = client_of(mara).post(page(mara), {"role": "clinician", "sure": "on"})
    assert (response.status_code, response["Location"]) == (303, "/today/")
    assert User.objects.get(pk=mara.pk).role == Role.CLINICIAN


def test_whoever_is_no_manager_any_more_changes_nothing(mara, second, eli):
    change_role(person=second, role=Role.EDITOR, by=mara, now=NOW)
    with pytest.raises(ValidationError, match="Only a manager"):
        change_role(person=eli, role=Role.MANAGER, by=second, now=NOW)


@pytest.mark.parametrize("crossed", [True, False], ids=["each the other", "each oneself"])
@pytest.mark.django_db(transaction=True)
def test_a9_of_two_managers_at_once_one_remains(crossed, mara, second):
    def step_down(pair: tuple[User, User]) -> str:
        person, by = pair
        try:
            change_role(person=person, role=Role.EDITOR, by=by, now=NOW)
        except ValidationError as error:
            return error.messages[0]
        finally:
            connection.close()
        return ""

    pairs = [(mara, second), (second, mara)] if crossed else [(mara, mara), (second, second)]
    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(step_down, pairs))
    assert answers[0] == ""
    assert answers[1] != ""
    assert User.objects.managers().active().count() == 1


def refused(person: User, by: User) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        change_role(person=person, role=Role.EDITOR, by=by, now=NOW)
    assert User.objects.get(pk=person.pk).role == Role.CLINICIAN
    return refusal.value.messages


def test_a9_a_session_that_runs_is_finished_or_handed_over_first(dev, mara, make_session):
    make_session(lead=dev, at=time(9, 30))  # until 10:30, and it is ten
    assert refused(dev, mara) == ["Hand this over first.", "They lead 1 session ahead."]


def test_a9_a_series_without_a_session_is_handed_over_first(dev, mara, make_session):
    session = make_session("Evening circle")
    rule = {"start_date": TODAY, "start_time": time(18), "minutes": 60, "rule": recurrence.weekly([1])}
    series = Series(group=session.group, room=session.room, **rule)
    series.schedule(leads=[dev], by=mara, now=NOW)
    Facilitator.objects.filter(session__isnull=False).delete()
    series.sessions.all().delete()
    words = "They lead 1 group whose next days are not planned yet."
    assert refused(dev, mara) == ["Hand this over first.", words]


def test_a9_a_page_that_was_read_before_the_last_change_hides_no_work(sam, ana, mara):
    """Somebody became a clinician, and got clients, after the manager's request had begun."""
    stale = User.objects.get(pk=ana.pk)
    stale.role = Role.EDITOR
    with pytest.raises(ValidationError, match="Hand this over first"):
        change_role(person=stale, role=Role.MANAGER, by=mara, now=NOW)
