"""A name that was free when the form was checked, and is taken when it is saved (two clicks, two people)."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from groups.forms import RoomForm
from groups.forms.saving import taken_meanwhile
from groups.models import Group, Holiday, HouseBoard, Kind, Room, Series
from groups.views import holidays
from tests.groups.conftest import NOW, TODAY
from tests.groups.test_pages import page
from tests.groups.test_planning import NEW_GROUP

pytestmark = pytest.mark.usefixtures("frozen")

GROUP = {
    "name": "Twice",
    "purpose": "A try.",
    "kind": "circle",
    "pace": 2,
    "capacity": 5,
    "admission": "open",
}
DAYS = {"name": "Twice", "first": "2026-12-24", "last": "2026-12-24"}


def make_room(mara) -> None:
    Room.objects.create(name="Twice", capacity=5)


def make_group(mara) -> None:
    Group.objects.create(name="Twice", purpose="A try.", kind=Kind.CIRCLE, capacity=5)


def make_holiday(mara) -> None:
    Holiday.objects.create(**DAYS, made_by=mara, made_at=NOW)


def make_board(mara) -> None:
    HouseBoard(label="twice").open(by=mara, now=NOW)


@pytest.fixture
def outrun(monkeypatch):
    """The other one is saved between the check of the form and its save."""

    def before(owner, save: str, first) -> None:
        own, waiting = getattr(owner, save), [first]

        def slow(self, *args, **options):
            if waiting:
                waiting.pop()()
            return own(self, *args, **options)

        monkeypatch.setattr(owner, save, slow)

    return before


@pytest.mark.parametrize(
    ("model", "save", "make", "name", "sent", "said"),
    [
        (
            Room,
            "keep",
            make_room,
            "room_list",
            {"name": "Twice", "capacity": 5, "turnover_minutes": 0},
            "room",
        ),
        (Group, "keep", make_group, "group_create", GROUP, "group"),
        (Holiday, "kept", make_holiday, "holiday_list", DAYS, "holiday"),
        (HouseBoard, "open", make_board, "house_boards", {"label": "Twice"}, "screen"),
    ],
)
def test_c4_whoever_comes_second_is_told_beside_the_field(
    outrun, client_of, mara, model, save, make, name, sent, said
):
    outrun(holidays if save == "kept" else model, save, lambda: make(mara))
    response = client_of(mara).post(page(name), sent)
    assert response.status_code == 422
    assert said in str(response.context["form"].errors)
    assert model.objects.count() == 1


def test_c4_another_name_that_is_taken_meanwhile_is_told_too(outrun, client_of, mara, oak, seeking):
    outrun(Room, "keep", lambda: make_room(mara))
    sent = {"name": "Twice", "capacity": 5, "turnover_minutes": 0}
    assert client_of(mara).post(page("room_edit", oak.pk), sent).status_code == 422
    outrun(Group, "keep", lambda: make_group(mara))
    assert client_of(mara).post(page("group_edit", seeking.pk), GROUP).status_code == 422
    assert {Room.objects.get(pk=oak.pk).name, Group.objects.get(pk=seeking.pk).name} == {
        "Oak room",
        "Seeking safety",
    }


def test_c4_two_plans_that_name_one_new_group_at_once_are_told(outrun, client_of, ana, typed):
    outrun(
        Series,
        "schedule",
        lambda: Group.objects.create(name="Grief circle", purpose="", kind=Kind.CIRCLE, capacity=5),
    )
    response = client_of(ana).post(page("series_create"), typed | NEW_GROUP | {"group": ""})
    assert response.status_code == 422
    assert "There is a group of this name already." in response.text
    assert not Series.objects.exists()


def test_another_wrong_is_not_hidden(db):
    form = RoomForm({"name": "Free", "capacity": 5, "turnover_minutes": 0})
    with pytest.raises(IntegrityError), taken_meanwhile(form), transaction.atomic():
        Room.objects.create(name="Small", capacity=0)


def test_one_label_hangs_once_and_again_when_the_other_was_ended(mara):
    first = HouseBoard(label="Hall")
    first.open(by=mara, now=timezone.now())
    with pytest.raises(IntegrityError):
        HouseBoard(label="hall").open(by=mara, now=timezone.now())
    first.revoke(by=mara, now=timezone.now())
    HouseBoard(label="hall").open(by=mara, now=timezone.now())
    assert HouseBoard.objects.standing().get().label == "hall"


def test_a_room_sent_empty_is_answered_as_sent(client_of, mara):
    response = client_of(mara).post(page("room_list"), {})
    assert response.status_code == 422
    assert "name" in response.context["form"].errors


def test_a_plan_sent_empty_is_answered_as_sent(client_of, ana):
    response = client_of(ana).post(page("series_create"), {})
    assert response.status_code == 422
    assert {"lead", "room", "weekdays"} <= set(response.context["form"].errors)
    assert client_of(ana).post(page("series_dates"), {}).status_code == 200


def test_c4_nothing_is_planned_for_a_group_that_was_ended_a_moment_ago(
    outrun, client_of, ana, mara, seeking, typed
):
    outrun(Series, "schedule", lambda: seeking.end(by=mara, now=NOW))
    response = client_of(ana).post(page("series_create"), typed | {"start_date": TODAY.isoformat()})
    assert response.status_code == 422
    assert "This group was ended a moment ago." in str(response.context["form"].errors["group"])
    assert not Series.objects.exists()
