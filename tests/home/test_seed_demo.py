from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccessRecord, CareTeamMember, Invitation, OutreachTask, Stay, User
from accounts.roles import Role
from recovery_site.demo import people
from tests.home.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
COUNTED = (User, Stay, CareTeamMember, AccessRecord, Invitation, OutreachTask)


def rows() -> list[int]:
    return [model.objects.count() for model in COUNTED]


@pytest.fixture
def everybody() -> dict[str, User]:
    return people.seed(NOW)


def test_it_refuses_outside_a_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("seed_demo")
    assert rows() == [0] * len(COUNTED)


def test_the_whole_seed_twice_is_once(frozen):
    call_command("seed_demo", stdout=StringIO())
    once = rows()
    call_command("seed_demo", stdout=StringIO())
    assert rows() == once


def test_the_people_of_the_contract_are_there(everybody):
    roles = {name: everybody[name].role for name in ("sam", "noor", "ana", "dev", "eli", "mara")}
    assert roles == {
        "sam": Role.CLIENT,
        "noor": Role.CLIENT,
        "ana": Role.CLINICIAN,
        "dev": Role.CLINICIAN,
        "eli": Role.EDITOR,
        "mara": Role.MANAGER,
    }
    assert everybody["sam"].check_password("stillwater-demo")
    assert {user.password for user in everybody.values()} == {everybody["sam"].password}
    assert User.objects.clients().count() == 28
    assert User.objects.clinicians().count() == 7


def test_care_teams_are_as_the_house_knows_them(everybody):
    sam, noor, ana, dev = (everybody[name] for name in ("sam", "noor", "ana", "dev"))
    assert sam.primary_clinician == ana
    assert dev not in sam.care_team()
    assert noor.primary_clinician not in (None, ana, dev)
    assert sam in User.objects.cared_for_by(ana)
    assert User.objects.cared_for_by(ana).count() == 9
    for client in User.objects.in_house(TODAY):
        assert client.primary_clinician is not None
        assert client.current_stay(TODAY).bed


def test_beds_are_not_shared_and_some_have_left(everybody):
    beds = list(Stay.objects.current(TODAY).values_list("bed", flat=True))
    assert len(beds) == len(set(beds)) == 21
    gone = User.objects.clients().exclude(pk__in=User.objects.in_house(TODAY))
    assert gone.count() == 7
    assert not CareTeamMember.objects.standing().filter(client__in=gone).exists()


def test_every_list_of_people_looks_lived_in(everybody):
    assert set(User.objects.were_here(TODAY).values_list("username", flat=True)) == {
        *("gus", "farah", "tom", "lena", "ike", "vera")
    }
    assert [user.username for user in User.objects.not_here_yet()] == ["sky"]
    assert everybody["gus"].is_alum
    assert everybody["vera"].closed_at is not None
    assert not everybody["vera"].is_active
    ended = CareTeamMember.objects.exclude(ended_at=None)
    assert ended.filter(client__in=User.objects.in_house(TODAY)).count() == 3
    assert not User.objects.in_house(TODAY).exclude(away_since=None).exists()


def test_people_differ_as_people_do(everybody):
    clients = User.objects.clients()
    assert clients.filter(email="").count() > 5
    assert clients.exclude(time_zone="").count() == 2
    assert clients.filter(pronouns="").count() == 1
    assert set(clients.exclude(email="").values_list("email", flat=True)) == {
        f"{client.username}@people.example" for client in clients.exclude(email="")
    }
