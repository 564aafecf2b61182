"""K2: who needs someone to talk to reaches the care team at once, and reads honestly what came of it."""

import pytest
from django.utils import timezone

from accounts.models import CareTeamMember, OutreachTask, User
from checkins import outreach
from checkins.models import CheckIn
from notifications import kinds


def words(check_in):
    return outreach.standing(check_in).words


def test_k2_asking_makes_a_task_and_tells_each_of_the_care_team(sam, ana, mo, dev, mara, said, frozen):
    check_in = said(sam, need="talk")
    task = OutreachTask.objects.get()
    assert (task.client, task.reason, task.about) == (sam, OutreachTask.Reason.ASKED, check_in.pk)
    told = {notice.recipient for user in (sam, ana, mo, dev, mara) for notice in user.notices.all()}
    assert told == {ana, mo}
    notice = ana.notices.get()
    assert (notice.kind, notice.about) == ("accounts.outreach", task.calls.get(clinician=ana).pk)
    assert kinds.get(notice.kind).urgent
    assert task in OutreachTask.objects.open().visible_to(ana)


def test_k2_asking_twice_on_a_day_is_one_task_and_one_message(sam, ana, said, frozen):
    said(sam, need="talk")
    said(sam, need="talk", note="Please.")
    assert (OutreachTask.objects.count(), ana.notices.count()) == (1, 1)


def test_k7_a_wish_that_stands_is_the_same_on_the_next_day(sam, ana, said, frozen):
    said(sam, need="talk")
    frozen.shift(20 * 3600)
    later = CheckIn.objects.ask(by=sam, now=timezone.now())
    assert CheckIn.objects.count() == 2
    assert (OutreachTask.objects.count(), ana.notices.count()) == (1, 1)
    assert outreach.standing(later).task == OutreachTask.objects.get()


def test_k2_taking_the_wish_back_leaves_the_task(sam, ana, said, frozen):
    said(sam, need="talk")
    said(sam, need="quiet")
    assert OutreachTask.objects.open().count() == 1


def test_k2_a_wish_after_a_talk_is_a_new_task(sam, ana, said, frozen):
    said(sam, need="talk")
    OutreachTask.objects.get().close(by=ana, now=timezone.now())
    frozen.shift(60)
    for _twice in range(2):
        CheckIn.objects.ask(by=sam, now=timezone.now())
    assert OutreachTask.objects.open().count() == 1
    assert (OutreachTask.objects.count(), ana.notices.count()) == (2, 2)


def test_k2_changing_other_answers_after_a_talk_asks_for_nobody_again(sam, ana, said, frozen):
    said(sam, need="talk")
    OutreachTask.objects.get().close(by=ana, now=timezone.now())
    frozen.shift(60)
    said(sam, need="talk", note="It helped.")
    assert (OutreachTask.objects.count(), ana.notices.count()) == (1, 1)
    said(sam, need="quiet")
    said(sam, need="talk")
    assert (OutreachTask.objects.count(), ana.notices.count()) == (2, 2)


def test_an_answer_that_leaves_the_need_out_asks_for_nobody_again(sam, ana, said, frozen):
    said(sam, need="talk")
    OutreachTask.objects.get().close(by=ana, now=timezone.now())
    frozen.shift(60)
    said(sam, mood=4)
    assert OutreachTask.objects.open().count() == 0


@pytest.mark.parametrize("need", ["quiet", "grounding", "information", "nothing"])
def test_other_needs_make_no_task(sam, ana, said, need, frozen):
    check_in = said(sam, need=need)
    assert OutreachTask.objects.count() == 0
    assert outreach.standing(check_in) is None


def test_the_client_reads_who_was_asked_who_comes_and_who_talked(sam, ana, mo, said, frozen):
    check_in = said(sam, need="talk")
    assert words(check_in) == (
        "At 10 a.m. we asked Ana Ruiz and Mo Lindqvist. Nobody has said yet that they will come."
    )
    OutreachTask.objects.get().take(by=mo, now=timezone.now())
    assert words(check_in) == "Mo Lindqvist has seen it at 10 a.m. and will come to you."
    OutreachTask.objects.get().close(by=mo, now=timezone.now())
    assert words(check_in) == "Mo Lindqvist talked with you."


def test_what_came_of_it_is_one_query(sam, ana, mo, said, frozen, django_assert_num_queries):
    check_in = said(sam, need="talk")
    with django_assert_num_queries(1):
        assert "Ana Ruiz and Mo Lindqvist" in words(check_in)


def test_without_a_care_team_each_manager_is_told_that_somebody_waits(
    sam, ana, mara, said, frozen, django_assert_num_queries
):
    CareTeamMember.objects.update(ended_at=timezone.now())
    check_in = said(sam, need="talk")
    task = OutreachTask.objects.get()
    notice = mara.notices.get()
    assert (notice.about, ana.notices.count()) == (task.pk, 0)
    kind = kinds.get(notice.kind)
    assert kind.urgent
    assert kind.wanted(notice, timezone.now())
    with django_assert_num_queries(1):
        standing = outreach.standing(check_in)
        assert "told Mara" in standing.words
    assert (standing.has_team, standing.may_be_answered) == (False, True)
    task.take(by=ana, now=timezone.now())
    assert not kind.wanted(notice, timezone.now())
    assert outreach.standing(check_in).has_team


def test_the_client_reads_it_where_nobody_could_be_told(sam, ana, said, frozen):
    CareTeamMember.objects.update(ended_at=timezone.now())
    User.objects.managers().update(is_active=False)
    check_in = said(sam, need="talk")
    assert OutreachTask.objects.open().count() == 1
    assert not outreach.standing(check_in).may_be_answered
    assert words(check_in).startswith("Nobody is on your care team yet, so we could tell nobody.")


def test_task_check_in_and_messages_stand_or_fall_together(sam, ana, said, frozen, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("accounts.call_notices.Notification.objects.post_shown", broken)
    with pytest.raises(RuntimeError):
        said(sam, need="talk")
    assert (CheckIn.objects.count(), OutreachTask.objects.count()) == (0, 0)
