"""K7: who asks for somebody is not left alone: one after another is called until one will go."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import CareTeamMember, DutyShift, OutreachCall, OutreachTask, User
from accounts.models.outreach import OutreachTask as Task
from accounts.roles import Role
from notifications import kinds
from notifications.delivery import deliver
from notifications.models import Notification

FIFTEEN = timedelta(minutes=15)


def clinician(name: str, client: User | None = None) -> User:
    person = User.objects.create(username=name.lower(), chosen_name=name, role=Role.CLINICIAN)
    if client:
        CareTeamMember.objects.create(client=client, clinician=person, started_at=timezone.now())
    return person


def on_duty(person: User, hours: int = 8) -> None:
    now = timezone.now()
    DutyShift.objects.create(
        clinician=person, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=hours)
    )


def asks(client: User) -> OutreachTask:
    return Task.objects.ask(client=client, reason=Task.Reason.ASKED, about=client.pk, now=timezone.now())


def called(task: OutreachTask) -> list[set[str]]:
    """The names of those who were called, step by step."""
    rows = list(task.calls.select_related("clinician"))
    return [{row.clinician.username for row in rows if row.step == step} for step in range(1, task.step + 1)]


def steps(task: OutreachTask, frozen, number: int) -> list[set[str]]:
    for _step in range(number):
        frozen.shift(FIFTEEN)
        Task.objects.call_next(timezone.now())
    task.refresh_from_db()
    return called(task)


def test_k7_the_care_team_on_duty_is_called_first_and_then_one_after_another(sam, ana, dev, frozen):
    clinician("Mo", sam)
    on_duty(ana)
    on_duty(dev)
    task = asks(sam)
    assert called(task) == [{"ana"}]
    assert steps(task, frozen, 4) == [{"ana"}, {"mo"}, {"dev"}, {"ana"}, {"mo"}]


def test_k7_where_none_of_them_is_on_duty_the_care_team_and_who_is_are_called_at_once(sam, ana, dev, frozen):
    clinician("Mo", sam)
    on_duty(dev)
    task = asks(sam)
    assert called(task) == [{"ana", "mo", "dev"}]
    assert steps(task, frozen, 1) == [{"ana", "mo", "dev"}] * 2
    kinds_of = dict(Notification.objects.values_list("recipient__username", "kind"))
    assert (kinds_of["dev"], kinds_of["mo"]) == ("accounts.outreach", "accounts.outreach_off_duty")


def test_k7_nobody_is_called_before_fifteen_minutes_have_passed(sam, ana, dev, frozen):
    on_duty(ana)
    on_duty(dev)
    task = asks(sam)
    frozen.shift(FIFTEEN - timedelta(seconds=1))
    assert Task.objects.call_next(timezone.now()) == 0
    frozen.shift(1)
    assert Task.objects.call_next(timezone.now()) == 1
    task.refresh_from_db()
    assert called(task) == [{"ana"}, {"dev"}]


@pytest.mark.parametrize("end", ["take", "close"])
def test_k7_the_first_who_will_go_ends_the_calls(sam, ana, dev, frozen, end):
    on_duty(ana)
    on_duty(dev)
    task = asks(sam)
    getattr(task, end)(by=ana, now=timezone.now())
    assert steps(task, frozen, 3) == [{"ana"}]
    assert not task.calls.standing().exists()


def test_k7_whoever_comes_on_duty_meanwhile_is_called_before_anybody_twice(sam, ana, frozen):
    on_duty(ana)
    task = asks(sam)
    on_duty(clinician("Ruth"))
    assert steps(task, frozen, 2) == [{"ana"}, {"ruth"}, {"ana"}]


def test_k7_who_is_called_from_outside_the_team_sees_the_task_until_somebody_goes(sam, ana, dev, frozen):
    on_duty(ana)
    on_duty(dev)
    task = asks(sam)
    assert task not in Task.objects.visible_to(dev)
    steps(task, frozen, 1)
    assert task in Task.objects.visible_to(dev)
    task.take(by=ana, now=timezone.now())
    assert task not in Task.objects.visible_to(dev)


def test_k7_the_managers_are_told_when_the_whole_line_was_called(sam, ana, dev, mara, frozen):
    on_duty(ana)
    on_duty(dev)
    task = asks(sam)
    steps(task, frozen, 1)
    assert not mara.notices.exists()
    steps(task, frozen, 1)
    notice = mara.notices.get()
    assert (notice.kind, notice.shown_at) == ("accounts.outreach_unanswered", timezone.now())
    assert kinds.get(notice.kind).wanted(notice, timezone.now())
    steps(task, frozen, 2)
    assert mara.notices.count() == 2
    task.take(by=ana, now=timezone.now())
    assert not kinds.get(notice.kind).wanted(notice, timezone.now())


def test_k7_without_anybody_to_call_the_managers_are_told_again_and_again(sam, mara, frozen):
    task = asks(sam)
    assert steps(task, frozen, 3) == [set()] * 4
    assert mara.notices.filter(kind="accounts.outreach_unanswered").count() == 3


def test_k4_a_call_wakes_whoever_is_on_duty_and_lets_others_sleep(sam, ana, dev, frozen, mailoutbox):
    frozen.shift(timedelta(hours=14))  # one at night
    clinician("Mo", sam)
    User.objects.filter(username="mo").update(email="mo@people.example")
    on_duty(ana)
    task = asks(sam)
    deliver()
    assert [mail.to for mail in mailoutbox] == [[ana.email]]
    steps(task, frozen, 1)
    deliver()
    assert [mail.to for mail in mailoutbox] == [[ana.email]]
    later = Notification.objects.get(recipient__username="mo")
    assert (later.shown_at, later.state) == (timezone.now(), "due")


def test_k7_each_call_is_one_message(sam, ana, frozen):
    task = asks(sam)
    steps(task, frozen, 2)
    assert called(task) == [{"ana"}] * 3
    assert {row.about for row in ana.notices.all()} == {call.pk for call in task.calls.all()}


def test_k7_an_idle_turn_is_one_query(sam, ana, frozen, django_assert_num_queries):
    asks(sam)
    with django_assert_num_queries(1):
        assert Task.objects.call_next(timezone.now()) == 0


def test_k7_given_back_it_goes_on_with_whoever_was_called_least(sam, ana, dev, frozen):
    on_duty(ana)
    on_duty(dev)
    task = asks(sam)
    task.take(by=ana, now=timezone.now())
    frozen.shift(60)
    task.pass_on(to=None, by=ana, now=timezone.now())
    assert ana.notices.filter(kind="accounts.outreach_again").count() == 1
    assert Task.objects.call_next(timezone.now()) == 0
    assert steps(task, frozen, 1) == [{"ana"}, {"dev"}]


@pytest.mark.django_db(transaction=True)
def test_k7_two_workers_at_once_make_one_step(sam, ana, dev, frozen):
    on_duty(ana)
    on_duty(dev)
    asks(sam)
    frozen.shift(FIFTEEN)
    now = timezone.now()

    def work(_number: int) -> int:
        try:
            return Task.objects.call_next(now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert [call.clinician for call in OutreachCall.objects.all()] == [ana, dev]
    assert dev.notices.count() == 1


def test_k7_managers_are_told_of_each_round_however_unevenly_people_were_called(sam, ana, mara, frozen):
    on_duty(ana)
    task = asks(sam)
    clinician("Mo", sam)
    on_duty(User.objects.get(username="mo"))
    steps(task, frozen, 5)
    assert mara.notices.filter(kind="accounts.outreach_unanswered").count() >= 3


def test_k7_what_is_settled_is_taken_by_nobody(sam, ana, frozen):
    mo, task = clinician("Mo", sam), asks(sam)
    task.close(by=ana, now=timezone.now())
    assert not Task.objects.get().take(by=mo, now=timezone.now())
    assert Task.objects.get().taken_by is None


def test_k6_a_talk_about_a_wish_ends_the_calls_about_silence(sam, ana, frozen):
    now, reason = timezone.now(), Task.Reason.MISSED_CHECK_INS
    silent = Task.objects.ask(client=sam, reason=reason, about=ana.pk, now=now)
    asks(sam).close(by=ana, now=now)
    silent.refresh_from_db()
    assert (silent.closed_at, silent.closed_by) == (now, sam)


def test_k7_a_slip_opens_no_wish_beside_one_that_stands(sam, ana, frozen):
    first, now = asks(sam), timezone.now()
    first.close(by=ana, now=now)
    Task.objects.ask(client=sam, reason=Task.Reason.ASKED, about=ana.pk, now=now)
    assert first.take_back(by=ana, now=now)
    assert Task.objects.open().count() == 1


def test_k7_one_whom_nobody_can_be_called_for_holds_up_no_other(sam, noor, ana, frozen, monkeypatch):
    first, second = asks(sam), asks(noor)
    honest = Task.call_next_person

    def broken(task, now) -> None:
        if task.pk == first.pk:
            raise RuntimeError
        honest(task, now)

    monkeypatch.setattr(Task, "call_next_person", broken)
    frozen.shift(FIFTEEN)
    Task.objects.call_next(timezone.now())
    assert [Task.objects.get(pk=task.pk).step for task in (first, second)] == [1, 2]
