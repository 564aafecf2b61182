"""Who may open whose page, stays, care teams, and the day of a person."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import vault
from accounts.models import AccessRecord, AuditSeal, CareTeamMember, EmergencyAccess, Stay, User
from accounts.roles import Role

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)


def visible(user):
    return set(User.objects.visible_to(user).values_list("username", flat=True))


def test_visible_to_is_oneself_ones_clients_or_everybody_for_a_manager(cast):
    assert {name: visible(user) for name, user in cast.items()} == {
        "sam": {"sam"},
        "noor": {"noor"},
        "ana": {"ana", "sam"},
        "dev": {"dev"},
        "eli": {"eli"},
        "mara": set(cast),
    }


def test_the_list_of_the_house_is_for_clinicians_and_managers(cast):
    listed = {name: set(User.objects.listed_for(user, DAY)) for name, user in cast.items()}
    house = {cast["sam"], cast["noor"]}
    assert listed["ana"] == listed["dev"] == house
    assert listed["mara"] == set(cast.values())
    assert listed["sam"] == listed["noor"] == listed["eli"] == set()


def test_staff_is_everybody_who_is_no_client(cast):
    assert {person.username for person in User.objects.staff()} == {"ana", "dev", "eli", "mara"}


def test_leaving_the_care_team_closes_the_page_at_once(sam, ana):
    sam.care_team_rows.update(ended_at=NOON)
    assert visible(ana) == {"ana"}
    assert list(User.objects.cared_for_by(ana)) == []
    assert list(sam.care_team()) == []
    assert sam.primary_clinician is None


def test_the_care_team_names_the_primary_first(sam, ana, dev):
    CareTeamMember.objects.create(client=sam, clinician=dev, started_at=NOON - timedelta(days=99))
    assert list(sam.care_team()) == [ana, dev]
    assert sam.primary_clinician == ana


def test_only_a_clinician_cares_for_clients(sam, mara, eli, noor):
    for person in (mara, eli, noor):
        CareTeamMember.objects.create(client=sam, clinician=person)
        assert list(User.objects.cared_for_by(person)) == []


def test_a_client_has_one_primary_clinician_and_each_colleague_once(sam, ana, dev):
    for wrong in ({"clinician": dev, "is_primary": True}, {"clinician": ana}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CareTeamMember.objects.create(client=sam, **wrong)
    with pytest.raises(ValidationError, match="primary clinician already"):
        CareTeamMember(client=sam, clinician=dev, is_primary=True).validate_constraints()
    sam.care_team_rows.update(ended_at=NOON)
    CareTeamMember.objects.create(client=sam, clinician=dev, is_primary=True)


def test_a_stay_counts_its_days_from_one(sam):
    stay = sam.current_stay(DAY)
    assert stay.day_number(stay.admitted_on) == 1
    assert stay.day_number(DAY) == 18


def test_the_day_of_discharge_is_no_day_in_the_house(sam):
    sam.stays.update(discharged_on=DAY)
    assert sam.current_stay(DAY - timedelta(days=1)) is not None
    assert sam.current_stay(DAY) is None
    assert list(User.objects.in_house(DAY)) == []


def test_a_closed_account_is_not_in_the_house(sam):
    User.objects.filter(pk=sam.pk).update(is_active=False)
    assert list(User.objects.in_house(DAY)) == []


def test_several_stays_but_one_open_at_a_time(sam):
    Stay.objects.create(client=sam, admitted_on=date(2025, 1, 1), discharged_on=date(2025, 2, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.create(client=sam, admitted_on=DAY)
    with pytest.raises(ValidationError, match="open stay already"):
        Stay(client=sam, admitted_on=DAY).validate_constraints()


def test_nobody_leaves_before_they_came(sam):
    sam.stays.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Stay.objects.create(client=sam, admitted_on=DAY, discharged_on=DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("", datetime(2026, 11, 24, 7, 59, tzinfo=UTC), date(2026, 11, 23)),  # 02:59 in New York
        ("", datetime(2026, 11, 24, 8, 0, tzinfo=UTC), date(2026, 11, 24)),
        ("Asia/Tokyo", datetime(2026, 11, 24, 8, 0, tzinfo=UTC), date(2026, 11, 24)),
        ("Asia/Tokyo", datetime(2026, 11, 24, 18, 0, tzinfo=UTC), date(2026, 11, 25)),  # 03:00
        ("Pacific/Pago_Pago", datetime(2026, 11, 24, 8, 0, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_k1_a_day_ends_at_three_by_the_persons_own_clock(zone, moment, day):
    assert User(time_zone=zone).local_day(moment) == day


def test_a5_a_look_is_noted_once_per_person_and_never_for_oneself(sam, noor, ana):
    AccessRecord.objects.note(actor=ana, subjects=[sam.pk, sam.pk, noor.pk, ana.pk], what="profile", now=NOON)
    rows = set(AccessRecord.objects.values_list("subject_id", "actor", "what", "at"))
    assert rows == {(sam.pk, ana.pk, "profile", NOON), (noor.pk, ana.pk, "profile", NOON)}


def test_a5_a_look_that_goes_on_is_one_look(sam, noor, ana, dev):
    for actor, minutes in ((ana, 0), (ana, 4), (dev, 5), (ana, 10)):
        AccessRecord.objects.note(
            actor=actor,
            subjects=[sam.pk, noor.pk] if minutes == 4 else [sam.pk],
            what="attendance",
            now=NOON + timedelta(minutes=minutes),
            once_in=timedelta(minutes=10),
        )
    AccessRecord.objects.note(
        actor=ana, subjects=[sam.pk], what="profile", now=NOON, once_in=timedelta(hours=1)
    )
    rows = AccessRecord.objects.order_by("at", "pk").values_list("actor", "subject_id", "what")
    look = (ana.pk, sam.pk, "attendance")
    others = [(ana.pk, noor.pk, "attendance"), (dev.pk, sam.pk, "attendance")]
    assert list(rows) == [look, (ana.pk, sam.pk, "profile"), *others, look]


def test_a5_only_the_person_it_is_about_reads_the_log(cast):
    AccessRecord.objects.note(actor=cast["ana"], subjects=[cast["sam"].pk], what="check_in", now=NOON)
    counts = {name: AccessRecord.objects.visible_to(user).count() for name, user in cast.items()}
    assert counts == {"sam": 1, "noor": 0, "ana": 0, "dev": 0, "eli": 0, "mara": 0}


def test_a_zone_that_the_data_has_dropped_is_the_programs():
    assert User(time_zone="Europe/Atlantis").zone.key == "America/New_York"


def test_a6_who_was_here_who_comes_and_who_leaves_soon(sam, noor, luz, dev, settings):
    coming = User.objects.create(username="coming", role=Role.CLIENT, chosen_name="Ida")
    went = luz.away_since
    last = went + timedelta(days=settings.ALUMNI_DAYS - 1)  # on which her account is open still
    assert set(User.objects.were_here(went)) == {luz}
    assert set(User.objects.not_here_yet()) == {coming}
    assert set(User.objects.departing(last, days=1)) == {luz}
    assert set(User.objects.departing(last - timedelta(days=1), days=1)) == set()
    assert set(User.objects.departing(last - timedelta(days=1), days=2)) == {luz}
    assert set(User.objects.departed(last)) == set()
    assert set(User.objects.departed(last + timedelta(days=1))) == {luz}


def test_no_row_about_access_names_a_person(sam, ana):
    """Such words reach logs and error reports."""
    key_to = vault.key_for(sam.pk)
    key_to.seal("mine", "nowhere")
    AccessRecord.objects.note(actor=ana, subjects=[sam.pk], what="profile", now=NOON)
    AuditSeal.objects.seal(now=NOON)
    rows = [sam.care_team_rows.get(), AccessRecord.objects.get(), AuditSeal.objects.get(), sam.data_key]
    rows.append(EmergencyAccess(client=sam, clinician=ana))
    said = " ".join(map(str, rows))
    assert str(sam.pk) in said
    for private in (str(sam), sam.username, sam.email, str(ana), ana.username):
        assert private not in said
