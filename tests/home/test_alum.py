"""What is left to whoever has left (A6)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from journal.models import Entry, Page
from notifications.models import Notification
from recovery_site import actions
from recovery_site.celery import app
from tests.home.conftest import NOW, TODAY
from tests.home.test_letting_go import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def alum(client_of, luz):
    return client_of(luz)


def test_a6_today_says_what_is_theirs_and_until_when(alum, luz, lines):
    page = read(alum, "/today/")
    last = luz.last_day
    assert f"Until {last.day} {last:%B %Y}" in page
    for link in (reverse("journal:entry_list"), reverse("home:export"), reverse("home:help")):
        assert f'href="{link}"' in page
    for gone in ("groups:group_list", "checkins:check_in", "journal:entry_create"):
        assert f'href="{reverse(gone)}"' not in page
    assert lines[0].name in page


def test_a6_the_journal_reads_and_deletes_and_does_not_write(alum, luz):
    entry = luz.journal_entries.get()
    listed = read(alum, "/journal/")
    assert "The last evening" in listed
    assert "Write a page" not in listed
    page = read(alum, entry.get_absolute_url())
    assert "We sat by the water." in page
    assert "Change it" not in page
    edit = reverse("journal:entry_edit", args=[entry.pk])
    delete = reverse("journal:entry_delete", args=[entry.pk])
    for path in ("/journal/new/", edit):
        assert alum.get(path).status_code == 404
        assert alum.post(path, {"title": "", "text": "New words"}).status_code == 404
    assert alum.post(delete).status_code == 303
    assert not Entry.objects.standing().exists()
    assert alum.post(reverse("journal:entry_erase", args=[entry.pk])).status_code == 303
    assert not Entry.objects.exists()


def test_a6_an_empty_journal_invites_nobody_to_write(alum, luz):
    luz.journal_entries.all().delete()
    assert "There are no pages here." in read(alum, "/journal/")


def test_a6_nobody_elses_page_opens(alum, sam):
    theirs, _made = Entry.objects.write(
        by=sam, client_token=uuid.uuid4(), page=Page("Mine", "Words"), on=TODAY, now=NOW
    )
    assert alum.get(theirs.get_absolute_url()).status_code == 404


def test_a6_the_profile_is_theirs_to_read(alum, luz):
    page = read(alum, "/me/")
    assert reverse("accounts:access") in page
    assert reverse("checkins:reminder_plan") not in page
    fields = {"chosen_name": "Lucía", "pronouns": "", "time_zone": ""}
    assert alum.post("/me/", fields).status_code == 404
    luz.refresh_from_db()
    assert luz.chosen_name == "Luz"


def test_a6_old_news_of_the_house_is_gone_and_security_news_stays(alum, luz):
    for kind in ("groups.cancelled", "accounts.password_reset"):
        Notification.objects.create(
            recipient=luz, kind=kind, about=uuid.uuid4(), due_on=TODAY, not_before=NOW, shown_at=NOW
        )
    page = read(alum, "/notices/")
    assert "Something on your calendar was cancelled." not in page
    assert "Someone asked for a new password for you." in page
    assert [row.kind for row in Notification.objects.visible_to(luz)] == ["accounts.password_reset"]


def test_a6_on_the_last_day_they_sign_in_and_on_the_next_they_do_not(luz, client_of, frozen):
    last = luz.last_day
    frozen.move_to(NOW.replace(year=last.year, month=last.month, day=last.day))
    actions.close_departed(NOW.replace(year=last.year, month=last.month, day=last.day))
    browser = client_of(luz)
    assert browser.get("/today/").status_code == 200
    next_day = NOW.replace(year=last.year, month=last.month, day=last.day) + timedelta(days=1)
    frozen.move_to(next_day)
    actions.close_departed(next_day)
    assert client_of(luz).get("/today/").status_code == 302


def test_a6_the_night_work_is_on_the_clock():
    app.loader.import_default_modules()
    at = {row["task"]: row["schedule"] for row in app.conf.beat_schedule.values()}
    for name in ("home.close_departed", "home.tell_before_closing"):
        assert at[name].hour == {0}
    assert {"home.close_departed", "home.tell_before_closing"} <= set(app.tasks)
