"""/notices/: everybody's own, whatever became of the mail."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import views
from notifications.delivery import deliver
from notifications.models import Notification
from tests.notifications.conftest import OTHER, PLAIN


@pytest.fixture
def shown(post, frozen):
    def show(recipient, kind=PLAIN):
        row = post(recipient, kind)
        Notification.objects.filter(pk=row.pk).update(shown_at=timezone.now(), state="noted")
        return row

    return show


def test_everybody_sees_their_own_and_nobody_elses(cast, client_of, shown):
    own = {name: shown(user) for name, user in cast.items()}
    for name, user in cast.items():
        html = client_of(user).get("/notices/").content.decode()
        assert {other for other, row in own.items() if str(row.pk) in html} == {name}


def test_what_was_not_shown_yet_is_not_listed(sam, client_of, post, frozen):
    row = post(sam)
    assert str(row.pk) not in client_of(sam).get("/notices/").content.decode()
    assert client_of(sam).get(f"/notices/{row.pk}/").status_code == 404


def test_what_is_told_at_once_is_read_without_a_sender_and_mailed_as_ever(sam, client_of, frozen, mailoutbox):
    now = timezone.now()
    told = {"recipient": sam, "kind": PLAIN, "about": uuid.uuid4(), "due_on": now.date()}
    Notification.objects.post_shown(now, told)
    row = Notification.objects.get()
    assert str(row.pk) in client_of(sam).get("/notices/").content.decode()
    frozen.shift(timedelta(minutes=5))
    deliver()
    row.refresh_from_db()
    assert (row.state, row.shown_at, len(mailoutbox)) == ("sent", now, 1)


def test_opening_leads_on_and_marks_as_read_once(sam, client_of, shown, frozen):
    row, sams = shown(sam), client_of(sam)
    first = timezone.now()
    assert sams.get(f"/notices/{row.pk}/")["Location"] == "/notices/"
    frozen.shift(timedelta(minutes=5))
    sams.get(f"/notices/{row.pk}/")
    row.refresh_from_db()
    assert row.read_at == first


def test_the_link_of_somebody_elses_notice_is_not_found_like_one_that_never_was(cast, client_of, shown):
    row = shown(cast["sam"])
    for name in ("noor", "ana", "dev", "eli", "mara"):
        browser = client_of(cast[name])
        real, forged = (browser.get(f"/notices/{pk}/") for pk in (row.pk, uuid.uuid4()))
        assert (real.status_code, forged.status_code) == (404, 404)
    row.refresh_from_db()
    assert row.read_at is None


@pytest.mark.parametrize("path", ["/notices/", "/notices/0c0ffee0-0000-4000-8000-000000000000/"])
def test_a_stranger_is_asked_to_sign_in(client, db, path):
    assert client.get(path)["Location"].startswith("/accounts/login/?next=/notices/")


@pytest.mark.parametrize("identifier", ["1", "not-a-uuid", "../../etc/passwd", "%00"])
def test_a_forged_address_is_not_found(sam, client_of, identifier):
    assert client_of(sam).get(f"/notices/{identifier}/").status_code in (400, 404)


def test_a_kind_that_no_longer_exists_breaks_no_page(sam, client_of, shown):
    row = shown(sam, kind="tests.unknown")
    assert client_of(sam).get("/notices/").status_code == 200
    assert client_of(sam).get(f"/notices/{row.pk}/").status_code == 404


def test_more_than_a_page_is_shown_by_pages_and_none_twice(sam, client_of, shown, frozen):
    rows = []
    for _number in range(views.SHOWN + 3):
        rows.append(shown(sam))
        frozen.shift(timedelta(minutes=1))
    first = client_of(sam).get("/notices/").context
    second = client_of(sam).get("/notices/" + first["more"]).context
    listed = [row.pk for row in (*first["notices"], *second["notices"])]
    assert listed == [row.pk for row in reversed(rows)]
    assert (second["more"], second["later"]) == (None, first["notices"][-1])


@pytest.mark.parametrize("after", ["", "x", "0c0ffee0-0000-4000-8000-000000000000", "theirs"])
def test_a_place_to_go_on_from_that_is_not_ones_own_is_the_beginning(sam, noor, client_of, shown, after):
    own, theirs = shown(sam), shown(noor)
    after = str(theirs.pk) if after == "theirs" else after
    page = client_of(sam).get("/notices/", {"after": after}).context
    assert ([row.pk for row in page["notices"]], page["later"]) == ([own.pk], None)


def test_all_of_ones_own_are_read_at_once_and_nobody_elses(sam, noor, client_of, shown, frozen):
    earlier, own, theirs = shown(sam), shown(sam, OTHER), shown(noor)
    earlier.read(now=timezone.now() - timedelta(hours=1))
    page = client_of(sam).post("/notices/reading/", follow=True)
    assert "Mark all as read" not in page.content.decode()
    for row in (earlier, own, theirs):
        row.refresh_from_db()
    now = timezone.now()
    assert [row.read_at for row in (earlier, own, theirs)] == [now - timedelta(hours=1), now, None]


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_for_one_and_for_thirty(
    sam, client_of, shown, number, django_assert_num_queries
):
    for _number in range(number):
        shown(sam, OTHER)
    browser = client_of(sam)
    with django_assert_num_queries(3):  # session, person, notices
        assert browser.get("/notices/").content.decode().count("About tests.other.") >= number
