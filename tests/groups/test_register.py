"""Attendance of a group from one day to another: numbers for a page, names for a file (B6, B7)."""

import csv
import io
from datetime import time, timedelta

import pytest

from accounts.models import AccessRecord
from groups.models import Booking, Facilitator, Session
from groups.spreadsheet import plain
from tests.groups.conftest import NOW, TODAY, note, put, residents
from tests.groups.test_pages import page

pytestmark = pytest.mark.usefixtures("frozen")
YESTERDAY, A_DAY = TODAY - timedelta(days=1), timedelta(days=1)


def table(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


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
    looks = AccessRecord.objects.filter(actor=dev, what="download").values_list("subject_id", flat=True)
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
    one = ["1 session in these days was led by somebody else and is not in it."]
    found = {}
    for user in (ana, dev):
        first, *rows = table(client_of(user).get(page("attendance_export", over.group_id)))
        assert first == one
        found[user.username] = [row[1] for row in rows]
    assert found == {"ana": ["Start", "15:00"], "dev": ["Start", "09:00", "09:00", "09:00"]}


def test_b9_what_a_substitute_led_is_said_to_be_missing(client_of, dev, ana, mara, make_session, over):
    for ago in (2, 3):
        session = make_session(TODAY - A_DAY * ago, time(9))
        Facilitator.objects.create(session=session, person=ana, role="sub", stands_in_for=dev)
    words = "2 sessions in these days were led by somebody else and are not in it."
    days = {"first": "2026-11-20", "last": "2026-11-22"}
    for asked, end in (({}, "Session by session"), (days, "You led no session in these days.")):
        html = client_of(dev).get(page("group_attendance", over.group_id), asked).content.decode()
        assert words in html
        assert end in html
        assert table(client_of(dev).get(page("attendance_export", over.group_id), asked))[0] == [words]
    address = page("attendance_export", over.group_id)
    assert table(client_of(mara).get(address))[0][0] == "Day"  # a manager's numbers are of all
    assert (
        "somebody else" not in client_of(mara).get(page("group_attendance", over.group_id)).content.decode()
    )


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


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("Sam;=cmd|' /C calc'!A0;", "Sam =cmd|' /C calc'!A0;"),
        ("Sam; +1", "Sam +1"),
        ("Sam,-1+1", "Sam -1+1"),
        ("Sam|@SUM(A1)", "Sam @SUM(A1)"),
        ("Sam\t=1", "Sam =1"),
        ("Sam\n=1", "Sam =1"),
        ('Sam;"=1"', 'Sam =1"'),
        ("Sam;|;=1;=2", "Sam =1 =2"),
        ("Sam\N{FULLWIDTH SEMICOLON}\N{FULLWIDTH EQUALS SIGN}1", "Sam =1"),
        (";=1", "' =1"),
    ],
)
def test_b6_a_name_that_another_sign_splits_is_no_formula_either(client_of, dev, over, sam, name, cell):
    """Some programs split a line at ";" or "|", and then the rest of a cell begins one of its own."""
    sam.chosen_name = name
    sam.save(update_fields=["chosen_name"])
    rows = table(client_of(dev).get(page("attendance_export", over.group_id)))
    assert [row[2] for row in rows if row[3] == "Late"] == [cell]


@pytest.mark.parametrize(
    "name", ["", "Sam", "Zoë O'Neil", "1", "O=K", "Mary-Ann", "Sam; Noor", "Sam, she|her", "🌊"]
)
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
        with django_assert_num_queries(8):
            html = browser.get(page("group_attendance", session.group_id)).content.decode()
        assert html.count('<th scope="row">') == Session.objects.count()
        with django_assert_num_queries(12):
            rows = table(browser.get(page("attendance_export", session.group_id)))
        assert len(rows) == Booking.objects.count() + 1
