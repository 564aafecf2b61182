"""Care teams: who joins, who leads, who leaves, and what the client reads of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import AuditEvent, CareTeamMember, Stay, User
from accounts.roles import Role
from notifications.models import Notification

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
TODAY = NOW.date()


def appoint(client, clinician, by, **more) -> CareTeamMember:
    return CareTeamMember.objects.appoint(client=client, clinician=clinician, by=by, now=NOW, **more)


def changes() -> list[tuple]:
    return list(AuditEvent.objects.filter(act="care_team").order_by("pk").values_list("subject_id", "detail"))


def test_somebody_joins_once(sam, ana, dev, mara):
    member = appoint(sam, dev, mara)
    assert appoint(sam, dev, mara) == member
    assert not member.is_primary
    assert list(sam.care_team()) == [ana, dev]
    assert changes() == [(sam.pk, "Dev Patel, added")]


def test_the_first_one_is_primary(noor, dev, mara):
    assert appoint(noor, dev, mara).is_primary


def test_the_lead_changes_hands(sam, ana, dev, mara):
    member = appoint(sam, dev, mara, is_primary=True)
    member.make_primary(by=mara, now=NOW)
    assert sam.primary_clinician == dev
    assert list(sam.care_team()) == [dev, ana]
    assert changes() == [(sam.pk, "Dev Patel, added"), (sam.pk, "Dev Patel, primary")]


def test_somebody_leaves_and_may_join_again(sam, ana, dev, mara):
    first = appoint(sam, dev, mara)
    first.end(by=mara, now=NOW)
    first.end(by=mara, now=NOW + timedelta(hours=1))
    assert first.ended_at == NOW
    assert list(sam.care_team()) == [ana]
    assert appoint(sam, dev, mara) != first
    said = ["Dev Patel, added", "Dev Patel, ended", "Dev Patel, added"]
    assert [detail for _client, detail in changes()] == said
    with pytest.raises(ValidationError, match="not on the care team"):
        first.make_primary(by=mara, now=NOW)


def test_k6_whoever_lives_here_has_a_primary_clinician(sam, ana, mara):
    member = sam.care_team_rows.get()
    with pytest.raises(ValidationError, match="somebody else the primary"):
        member.end(by=mara, now=NOW)
    sam.stays.update(discharged_on=TODAY)
    member.end(by=mara, now=NOW)
    assert not sam.care_team_rows.standing().exists()


def test_a6_nobody_joins_for_somebody_who_has_left(sam, dev, mara):
    sam.stays.update(discharged_on=TODAY)
    with pytest.raises(ValidationError, match="Begin a stay first"):
        appoint(sam, dev, mara)


def test_only_clinicians_who_are_here_join(sam, noor, eli, dev, mara):
    User.objects.filter(pk=dev.pk).update(is_active=False)
    for person in (eli, noor, mara, dev):
        with pytest.raises(ValidationError, match="no clinician here"):
            appoint(sam, person, mara)


def test_the_client_is_told_in_the_app_once_a_day_without_names(sam, dev, mara):
    appoint(sam, dev, mara)
    sam.care_team_rows.get().make_primary(by=mara, now=NOW)
    notice = Notification.objects.get()
    assert (notice.recipient, notice.kind) == (sam, "accounts.care_team")
    assert notice.notice == "Your care team has changed."
    assert notice.get_absolute_url() == "/me/"


@pytest.mark.parametrize(
    ("name", "seen"), [("sam", 1), ("noor", 0), ("ana", 1), ("dev", 0), ("eli", 0), ("mara", 1)]
)
def test_who_sees_stay_and_care_team(name, seen, cast):
    cast["noor"].stays.all().delete()
    assert CareTeamMember.objects.visible_to(cast[name]).count() == seen
    assert Stay.objects.visible_to(cast[name]).count() == seen


@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_the_lead_at_once_one_has_it(sam, mara):
    people = [
        User.objects.create(username=f"d{number}", chosen_name="D", role=Role.CLINICIAN)
        for number in range(6)
    ]

    def lead(person: User) -> None:
        try:
            appoint(sam, person, mara, is_primary=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as threads:
        list(threads.map(lead, people))
    assert sam.care_team_rows.standing().count() == len(people)
    assert sam.care_team_rows.standing().filter(is_primary=True).count() == 1


def test_a6_a_place_is_handed_over_to_a_colleague_or_to_nobody(sam, ana, dev, mara):
    sam.care_team_rows.get().hand_over(to=dev, by=mara, now=NOW)
    assert (list(sam.care_team()), sam.primary_clinician) == ([dev], dev)
    member = appoint(sam, ana, mara)
    member.hand_over(to=None, by=mara, now=NOW)
    assert list(sam.care_team()) == [dev]
    member.hand_over(to=ana, by=mara, now=NOW)  # it was over already
    assert list(sam.care_team()) == [dev]
