"""After the session: one's own list, the file, the paper in the room, sheets that stay blank (B6-B8)."""

import csv
import io
from datetime import time, timedelta

import pytest
from django.urls import reverse

from accounts.models import AccessRecord, OutreachTask
from groups import notices, tasks
from groups.models import Attendance, Booking, Facilitator, Session
from groups.models.attendance import KIND_WORDS
from groups.notices.after import has_blanks
from groups.spreadsheet import plain
from groups.views.sign_in_sheet import shortened
from notifications.models import Notification
from tests.conftest import person
from tests.groups.conftest import NOW, TODAY, residents
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
YESTERDAY, A_DAY = TODAY - timedelta(days=1), timedelta(days=1)


def put(session: Session, *people, state: str = "confirmed") -> None:
    Booking.objects.bulk_create(
        Booking(session=session, client=one, state=state, joined_at=NOW - timedelta(days=9)) for one in people
    )


def note(session: Session, by, **fields) -> None:
    Attendance.objects.create(session=session, recorded_by=by, recorded_at=NOW, **fields)


@pytest.fixture
def over(make_session, dev, sam, noor) -> Session:
    """Dev led it yesterday at nine: Sam was late, Noor has no mark, and somebody came without a place."""
    session = make_session(YESTERDAY, time(9), lead=dev)
    put(session, sam, noor)
    note(session, dev, client=sam, state="late")
    note(session, dev, client=residents(1)[0], state="present", walked_in=True)
    return session


def table(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


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


# The numbers and the file


def test_b6_who_leads_downloads_the_names_and_unrecorded_is_never_absent(client_of, dev, over):
    response = client_of(dev).get(page("attendance_export", over.group_id))
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="attendance-2026-10-27-2026-11-24.csv"'
    )
    assert "no-store" in response.headers["Cache-Control"]
    head, *rows = table(response)
    assert head[:4] == ["Day", "Start", "Name", "Mark"]
    assert [row[:5] for row in rows] == [
        ["2026-11-23", "09:00", "Client 0", "Present", "yes"],
        ["2026-11-23", "09:00", "Noor", "Unrecorded", ""],
        ["2026-11-23", "09:00", "Sam", "Late", ""],
    ]
    assert [row[5:] for row in rows] == [
        ["Dev Patel", "2026-11-24 10:00"],
        ["", ""],
        ["Dev Patel", "2026-11-24 10:00"],
    ]


def test_a5_each_person_in_the_file_reads_of_it_and_the_numbers_are_no_look(client_of, dev, mara, over):
    client_of(dev).get(page("group_attendance", over.group_id))
    table(client_of(mara).get(page("attendance_export", over.group_id)))
    assert AccessRecord.objects.count() == 0
    table(client_of(dev).get(page("attendance_export", over.group_id)))
    looks = AccessRecord.objects.filter(actor=dev, what="attendance").values_list("subject_id", flat=True)
    assert sorted(looks) == sorted([*over.bookings.values_list("client", flat=True), *walked_in(over)])


def walked_in(session: Session) -> list:
    return list(session.attendance.filter(walked_in=True).values_list("client", flat=True))


def test_b6_a_manager_gets_numbers_and_no_name(client_of, mara, over):
    browser = client_of(mara)
    html = browser.get(page("group_attendance", over.group_id)).content.decode()
    rows = table(browser.get(page("attendance_export", over.group_id)))
    assert rows == [
        ["Day", "Start", "Present", "Late", "Left early", "Excused", "Absent", "Unrecorded"],
        ["2026-11-23", "09:00", "1", "1", "0", "0", "0", "1"],
    ]
    for name in ("Sam", "Noor", "Client 0"):
        assert name not in html.split("<main")[1] + str(rows)


def test_b6_only_sessions_that_one_leads_are_added_up(client_of, ana, dev, sam, over, make_session):
    theirs = make_session(YESTERDAY, time(15), lead=ana)
    put(theirs, sam)
    note(theirs, ana, client=sam, state="absent")
    found = {
        user.username: [
            row[1] for row in table(client_of(user).get(page("attendance_export", over.group_id)))
        ]
        for user in (ana, dev)
    }
    assert found == {"ana": ["Start", "15:00"], "dev": ["Start", "09:00", "09:00", "09:00"]}


def test_b6_who_leads_no_session_of_the_group_finds_no_page(client_of, ana, sam, eli, over):
    """Ana cares for Sam and reads what was noted of them: on their page, not here."""
    for name in ("group_attendance", "attendance_export"):
        for user in (ana, sam, eli):
            assert client_of(user).get(page(name, over.group_id)).status_code == 404


def test_b9_a_substitute_has_the_names_for_seven_days(client_of, ana, dev, over, frozen):
    Facilitator.objects.create(session=over, person=ana, role="sub", stands_in_for=dev)
    address, browser = page("attendance_export", over.group_id), client_of(ana)
    assert len(table(browser.get(address))) == 4
    frozen.move_to(over.ends_at + timedelta(days=7))
    assert client_of(ana).get(address).status_code == 404


def test_b6_the_days_asked_for_are_the_days_in_the_file(client_of, dev, over, make_session, sam):
    for day in (YESTERDAY - A_DAY, TODAY, TODAY + A_DAY):
        put(make_session(day, time(9), lead=dev), sam)
    address, browser = page("attendance_export", over.group_id), client_of(dev)

    def days(**asked) -> list[str]:
        return sorted({row[0] for row in table(browser.get(address, asked))[1:]})

    assert days() == ["2026-11-22", "2026-11-23", "2026-11-24"]
    assert days(first="2026-11-23", last="2026-11-23") == ["2026-11-23"]
    assert days(first="2025-11-01", last="2025-11-30") == []


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-24", "2026-11-23", "The last day comes before the first."),
        ("2024-11-24", "2026-11-23", "Choose a day within a year of the first."),
        ("99999-12-31", "2026-11-23", "Write the day like this: 11/24/2026."),
        ("", "", "Please fill this in."),
        ("a\0b", "2026-11-23", "Write the day like this: 11/24/2026."),
    ],
)
def test_b6_days_that_cannot_be_are_said_in_words(client_of, dev, over, first, last, words):
    for name in ("group_attendance", "attendance_export"):
        address = page(name, over.group_id)
        response = client_of(dev).get(address, {"first": first, "last": last})
        if "\0" in first:  # refused at the door
            assert response.status_code in (400, 422)
            continue
        assert (response.status_code, words in response.content.decode()) == (422, True)


def test_b6_what_was_called_off_or_is_ahead_is_not_counted(client_of, dev, mara, make_session):
    make_session(TODAY + A_DAY, lead=dev)
    off = make_session(YESTERDAY, lead=dev)
    Session.objects.filter(pk=off.pk).update(cancelled_at=NOW, cancelled_by=mara)
    html = client_of(dev).get(page("group_attendance", off.group_id)).content.decode()
    assert "No session took place in these days." in html


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1+1",
        "@SUM(A1)",
        " =1",
        "\t=1",
        "\r=1",
        "\n=1",
        "\N{FULLWIDTH EQUALS SIGN}1",
    ],
)
def test_b6_no_name_is_a_formula_in_the_file(client_of, dev, over, sam, name):
    sam.chosen_name = name
    sam.save(update_fields=["chosen_name"])
    rows = table(client_of(dev).get(page("attendance_export", over.group_id)))
    assert [row[2] for row in rows if row[3] == "Late"] == [f"'{name}"]


@pytest.mark.parametrize("name", ["", "Sam", "Zoë O'Neil", "1", "O=K", "Mary-Ann", "🌊"])
def test_b6_a_name_that_is_no_formula_stays_as_it_is(name):
    assert plain(name) == name


def test_t4_the_numbers_and_the_file_take_as_many_queries_with_one_as_with_thirty(
    client_of, dev, make_session, django_assert_num_queries
):
    browser = client_of(dev)
    for days, people in ((range(1), residents(1)), (range(1, 20), residents(29, "more"))):
        for ago in days:
            session = make_session(TODAY - A_DAY * ago, time(9), lead=dev)
            put(session, *people)
            note(session, dev, client=people[0], state="present")
        with django_assert_num_queries(7):
            html = browser.get(page("group_attendance", session.group_id)).content.decode()
        assert html.count('<th scope="row">') == Session.objects.count()
        with django_assert_num_queries(11):
            rows = table(browser.get(page("attendance_export", session.group_id)))
        assert len(rows) == Booking.objects.count() + 1


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
