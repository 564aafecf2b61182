"""Each page of staff that shows something of a client writes the record of it, in one insert (A5)."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessRecord, EmergencyAccess, Stay, User
from checkins.answers import Answers
from checkins.models import CheckIn
from groups.models import Booking
from tests import world as worlds
from tests.doors import ARGUMENTS, ROWS, WHO

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
NOTE, BED = "heron-over-the-mill-pond", "Heron 27"
# What is noted about Sam when this person opens this page.
LOOKS = {
    ("home:person", "ana"): {"profile", "attendance", "check_in"},
    ("home:person", "mara"): {"profile"},
    ("home:stay", "mara"): {"profile"},
    ("home:care_team", "mara"): {"profile"},
    ("home:discharge", "mara"): {"profile"},
    ("home:reach_out_handover", "mara"): {"profile"},
    ("checkins:measure_history", "ana"): {"check_in"},
    ("groups:session_detail", "ana"): {"attendance"},
    ("groups:session_cancellation", "ana"): {"attendance"},
    ("groups:attendance", "ana"): {"attendance"},
    ("groups:attendance_export", "ana"): {"download"},
    ("groups:sign_in_sheet", "ana"): {"attendance"},
    ("groups:member_list", "ana"): {"attendance"},
    ("groups:membership_ending", "ana"): {"attendance"},
    ("journal:shared_page", "ana"): {"share"},
    ("groups:attention", "ana"): {"attendance"},
    ("groups:place_finding", "ana"): {"attendance"},
}
# Lists of many people by name, stay and bed, which the page of the log says are not noted.
LISTS = {"home:people"}
PAGES = [
    (name, who)
    for method, name, expected in ROWS
    for who, status in zip(WHO, expected, strict=True)
    if method == "GET" and who in ("ana", "dev", "eli", "mara") and status == "200"
]


@pytest.fixture
def world(cast, luz):
    world = worlds.build({**cast, "luz": luz})
    CheckIn.objects.answer(Answers(mood=2, note=NOTE), by=world.sam, now=world.now)
    Stay.objects.filter(client=world.sam).update(bed=BED)
    running = Booking(session=world.running, client=world.sam, state="confirmed", joined_at=world.now)
    running.save()
    return world


def opened(world, name, who, client_of) -> tuple[str, set[str]]:
    """The page, and what is noted about Sam because of it; the database stays as it was."""
    path = reverse(name, args=ARGUMENTS.get(name, lambda _world: [])(world))
    with transaction.atomic():
        page = client_of(getattr(world, who)).get(path)
        noted = AccessRecord.objects.filter(actor=getattr(world, who), subject_id=world.sam.pk)
        found = text_of(page), set(noted.values_list("what", flat=True))
        transaction.set_rollback(True)
    return found


def text_of(page) -> str:
    """Also of a file that is sent as it is read."""
    return (b"".join(page.streaming_content) if page.streaming else page.content).decode()


@pytest.mark.parametrize("who", ["ana", "dev", "eli", "mara"])
def test_a5_a_page_that_shows_something_of_a_client_notes_the_look(who, world, client_of):
    private, noted, silent = (NOTE, BED, world.sam.email), {}, []
    for name in (name for name, reader in PAGES if reader == who):
        page, noted[name] = opened(world, name, who, client_of)
        if not noted[name] and name not in LISTS and any(text in page for text in private):
            silent.append(name)
    assert silent == []
    expected = {name: what for (name, reader), what in LOOKS.items() if reader == who}
    assert {name: noted[name] for name in expected} == expected


def test_a5_every_page_of_the_list_is_asked():
    assert LOOKS.keys() <= set(PAGES)


def test_a5_of_a_list_nothing_is_noted_and_nothing_written_is_shown(world, client_of):
    for name, who in PAGES:
        if name in LISTS:
            page, noted = opened(world, name, who, client_of)
            assert noted == set()
            assert NOTE not in page


def test_a10_in_an_emergency_page_and_check_ins_are_noted(world, client_of):
    EmergencyAccess.objects.begin(client=world.sam, by=world.dev, reason="Why it was.", now=world.now)
    AccessRecord.objects.all().delete()
    page, noted = opened(world, "home:person", "dev", client_of)
    assert NOTE in page
    assert noted == {"profile", "check_in"}


@pytest.mark.parametrize("people", [1, 12])
@pytest.mark.parametrize("name", ["groups:session_detail", "groups:attendance"])
def test_a5_a_list_of_many_is_noted_in_one_insert(name, people, world, client_of):
    session = world.session if name == "groups:session_detail" else world.running
    for number in range(people):
        other = User.objects.create(username=f"c{number}", chosen_name=f"C {number}", role="client")
        Booking.objects.create(session=session, client=other, state="confirmed", joined_at=world.now)
    browser = client_of(world.ana)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        browser.get(reverse(name, args=[session.pk]))
    inserts = [row["sql"] for row in queries if 'INSERT INTO "accounts_accessrecord"' in row["sql"]]
    assert len(inserts) == 1
    assert AccessRecord.objects.count() == people + 1


def test_a5_a_look_that_cannot_be_noted_shows_nothing(world, client_of, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no room left")

    monkeypatch.setattr("accounts.models.access.AccessRecordQuerySet.note", broken)
    browser = client_of(world.ana)
    browser.raise_request_exception = False
    response = browser.get(reverse("home:person", args=[world.sam.pk]))
    assert response.status_code == 500
    assert NOTE not in response.content.decode()
