"""After the session: one's own list, the paper in the room, and sheets that stay blank (B7, B8)."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from accounts.models import AccessRecord, OutreachTask
from groups import notices, tasks
from groups.models import Attendance, Facilitator
from groups.models.attendance import KIND_WORDS
from groups.notices.after import has_blanks
from groups.views.sign_in_sheet import shortened
from notifications.models import Notification
from tests.cast import person
from tests.groups.conftest import NOW, TODAY, note, put
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
YESTERDAY, A_DAY = TODAY - timedelta(days=1), timedelta(days=1)


# The client's own list


def test_b8_a_client_reads_their_own_list_in_the_words_of_a_person(client_of, sam, noor, dev, make_session):
    for number, state in enumerate(("present", "excused", "absent", "not_required")):
        note(make_session(TODAY - A_DAY * number, time(9)), dev, client=sam, state=state)
    note(make_session(TODAY - A_DAY * 9, time(9)), dev, client=noor, state="left_early")
    html = client_of(sam).get(reverse("groups:own_attendance")).content.decode()
    order = [html.index(words) for words in ("You were there", "You let us know", "We missed you</p>")]
    assert order == sorted(order)
    assert html.count("Seeking safety") == 3
    for word in ("%", "absent", "Absent", "Excused", "Noor", "rate"):
        assert word not in html.split("<main")[1].split("</main")[0]


def test_b8_every_mark_has_words_for_its_client():
    assert KIND_WORDS.keys() == set(Attendance.State.values)


def test_b8_the_own_list_goes_on_overleaf_and_repeats_nothing(client_of, sam, dev, make_session):
    days = [TODAY - A_DAY * ago for ago in range(35)]
    for day in days:
        note(make_session(day, time(9)), dev, client=sam, state="present")
    browser, address, found = client_of(sam), reverse("groups:own_attendance"), []
    for _page in range(2):
        response = browser.get(address)
        found += [row.session.local_date for row, _words in response.context["rows"]]
        address = reverse("groups:own_attendance") + response.context["more"]
    assert found == days
    assert response.context["more"] == ""


def test_b8_below_the_last_row_there_is_nothing(client_of, over, sam):
    last = over.attendance.get(client=sam)
    html = client_of(sam).get(reverse("groups:own_attendance"), {"after": last.pk}).content.decode()
    assert "That was all." in html


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 40, "٣", "0"])
def test_b8_an_address_that_names_no_row_shows_the_first_page(client_of, over, sam, asked):
    response = client_of(sam).get(reverse("groups:own_attendance"), {"after": asked})
    assert [row.client for row, _words in response.context["rows"]] == [sam]


def test_b8_another_clients_row_is_no_way_into_the_list(client_of, over, sam, noor, dev):
    theirs = over.attendance.get(client=sam)
    response = client_of(noor).get(reverse("groups:own_attendance"), {"after": theirs.pk})
    assert response.context["rows"] == []
    assert "Nothing is noted yet." in response.content.decode()


def test_t4_the_own_list_takes_as_many_queries_with_one_as_with_thirty(
    client_of, sam, dev, make_session, django_assert_num_queries
):
    browser = client_of(sam)
    for days in (range(1), range(1, 30)):
        for ago in days:
            note(make_session(TODAY - A_DAY * ago, time(9)), dev, client=sam, state="present")
        with django_assert_num_queries(3):
            response = browser.get(reverse("groups:own_attendance"))
        assert len(response.context["rows"]) == Attendance.objects.count()


# The paper in the room


def test_a_sign_in_sheet_has_first_names_and_initials_and_no_word_of_the_group(client_of, dev, make_session):
    session = make_session(lead=dev)
    names = ("Sam Rivera", "Noor", "Lou de la Mer")
    put(session, *(person(f"p{n}", "client", name, "") for n, name in enumerate(names)))
    put(session, person("w", "client", "Wait Ing", ""), state="waitlisted")
    response = client_of(dev).get(page("sign_in_sheet", session.pk))
    html = response.content.decode().split("<main")[1].split("</main")[0]
    assert response.context["names"] == ["Lou M.", "Noor", "Sam R.", "", "", ""]
    for word in ("Rivera", "Wait", "Seeking safety", "Stillwater"):
        assert word not in html
    assert "1 p.m." in html or "1:00 p.m." in html


@pytest.mark.parametrize(
    ("name", "short"),
    [("Sam", "Sam"), ("Sam Rivera", "Sam R."), ("ana maria ruiz", "ana R."), ("李 小龙", "李 小."), ("", "")],
)
def test_a_short_name_is_the_first_and_an_initial(name, short):
    assert shortened(name) == short


def test_b6_who_sent_word_is_not_on_the_paper(client_of, dev, sam, noor, make_session):
    """Others in the room would read there who stayed away."""
    session = make_session(lead=dev)
    put(session, sam, noor)
    session.bookings.filter(client=sam).update(apology_at=NOW)
    html = client_of(dev).get(page("sign_in_sheet", session.pk)).content.decode()
    assert "<bdi>Noor</bdi>" in html
    assert "<bdi>Sam</bdi>" not in html
    assert not AccessRecord.objects.filter(subject_id=sam.pk).exists()


def test_b6_clients_are_told_of_the_paper(client_of, sam):
    words = "On a sheet of paper in the room, your first name and initial may stand."
    for path in ("/schedule/week/", "/privacy/"):
        assert words in client_of(sam).get(path).content.decode()


def test_the_sign_in_sheet_is_for_those_who_lead_and_is_a_look(client_of, ana, dev, mara, sam, over):
    assert [client_of(user).get(page("sign_in_sheet", over.pk)).status_code for user in (ana, mara, sam)] == [
        404
    ] * 3
    client_of(dev).get(page("sign_in_sheet", over.pk))
    assert AccessRecord.objects.filter(actor=dev, what="attendance").count() == 2


# Sheets that stay blank


def told() -> list:
    return sorted(Notification.objects.filter(kind=notices.SHEET).values_list("recipient__username", "about"))


def test_b7_a_sheet_that_is_blank_after_a_day_is_asked_for_once(dev, ana, over, frozen):
    Facilitator.objects.create(session=over, person=ana, role="co")
    frozen.move_to(over.ends_at + A_DAY - timedelta(seconds=1))
    assert (tasks.ask_for_sheets(), told()) == (0, [])
    frozen.move_to(over.ends_at + A_DAY)
    both = [("ana", over.pk), ("dev", over.pk)]
    assert (tasks.ask_for_sheets(), told()) == (1, both)
    frozen.move_to(over.ends_at + A_DAY * 3)
    assert (tasks.ask_for_sheets(), told()) == (1, both)
    frozen.move_to(over.ends_at + A_DAY * 7)
    assert tasks.ask_for_sheets() == 0


def test_b7_a_filled_sheet_is_not_asked_for_nor_one_without_people(dev, noor, over, make_session, frozen):
    make_session(YESTERDAY, time(15), lead=dev)
    note(over, dev, client=noor, state="present")
    frozen.move_to(over.ends_at + A_DAY * 2)
    assert (tasks.ask_for_sheets(), told()) == (0, [])


def test_b7_a_sheet_filled_meanwhile_is_asked_for_no_more(dev, noor, over, frozen):
    frozen.move_to(over.ends_at + A_DAY)
    tasks.ask_for_sheets()
    assert [row.notice for row in Notification.objects.visible_to(dev)] == [
        "Attendance of a session that you led is still to be marked."
    ]
    notice = Notification.objects.get()
    assert notice.get_absolute_url() == page("attendance", over.pk)
    assert has_blanks(notice, over.ends_at + A_DAY) is True
    note(over, dev, client=noor, state="present")
    assert has_blanks(notice, over.ends_at + A_DAY) is False


def test_b7_the_hour_without_blank_sheets_costs_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert tasks.ask_for_sheets() == 0


def test_b8_marks_on_the_sheet_make_the_task(dev, sam, over, make_session):
    session = make_session(TODAY, time(9), lead=dev)
    put(session, sam)
    over.record({sam.pk: "absent"}, by=dev, now=NOW)
    assert OutreachTask.objects.count() == 0
    session.record({sam.pk: "absent"}, by=dev, now=NOW)
    assert OutreachTask.objects.get().about == over.pk
    over.record({sam.pk: "late"}, by=dev, now=NOW)
    assert OutreachTask.objects.open().count() == 0
