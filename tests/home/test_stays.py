"""The manager's pages: a stay begins, a bed changes, a care team changes."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AccessRecord, AuditEvent, CareTeamMember, Stay, User
from accounts.roles import Role
from tests.home.conftest import NOW, TODAY, squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def sky(db) -> User:
    return User.objects.create(username="sky", chosen_name="Sky", role=Role.CLIENT)


def path(name: str, *users: User) -> str:
    return reverse(f"home:{name}", args=[user.pk for user in users])


def test_a_stay_begins_with_its_care_team(sky, ana, dev, mara, client_of):
    browser = client_of(mara)
    assert path("admission", sky) in browser.get(path("person", sky)).content.decode()
    filled = {"admitted_on": "2026-11-24", "bed": "Oak 1", "primary": dev.pk, "others": [ana.pk, dev.pk]}
    response = browser.post(path("admission", sky), filled)
    assert (response.status_code, response["Location"]) == (303, path("person", sky))
    assert sky.current_stay(TODAY).bed == "Oak 1"
    assert list(sky.care_team()) == [dev, ana]
    assert sky.primary_clinician == dev
    acts = AuditEvent.objects.filter(subject_id=sky.pk).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["admitted", "care_team", "care_team"]
    assert client_of(dev).get(path("person", sky)).status_code == 200


def test_a_stay_that_cannot_begin_keeps_what_was_typed_and_begins_nothing(sky, sam, ana, mara, client_of):
    filled = {"admitted_on": "2026-11-20", "bed": "ELM 2", "primary": ana.pk}
    response = client_of(mara).post(path("admission", sky), filled)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Somebody has this bed already." in page
    assert 'value="ELM 2"' in page
    assert not sky.stays.exists()
    assert not sky.care_team_rows.exists()


def test_a_stay_needs_a_primary_clinician(sky, eli, mara, client_of):
    for wrong in ("", eli.pk, "nonsense"):
        response = client_of(mara).post(
            path("admission", sky), {"admitted_on": "2026-11-24", "primary": wrong, "others": ["nonsense"]}
        )
        assert response.status_code == 422
    assert not sky.stays.exists()


def test_a6_somebody_who_was_here_comes_back_without_the_old_team(sam, ana, dev, mara, client_of):
    sam.stays.update(discharged_on=date(2026, 11, 20))
    sam.care_team_rows.update(ended_at=NOW)
    User.objects.filter(pk=sam.pk).update(away_since=date(2026, 11, 20), is_active=False, closed_at=NOW)
    browser = client_of(mara)
    assert "Was here until 20 November 2026." in squeezed(
        browser.get(path("admission", sam)).content.decode()
    )
    browser.post(path("admission", sam), {"admitted_on": "2026-11-24", "primary": dev.pk})
    sam.refresh_from_db()
    assert (sam.is_active, sam.away_since, sam.closed_at) == (True, None, None)
    assert list(sam.care_team()) == [dev]
    page = squeezed(browser.get(path("person", sam)).content.decode())
    assert "7 November 2026 to 20 November 2026<small>Elm 2</small>" in page
    assert "<h3>Before</h3>" in page


def test_whoever_lives_here_has_a_stay_to_change(sam, mara, client_of):
    browser = client_of(mara)
    assert browser.get(path("admission", sam))["Location"] == path("stay", sam)
    page = browser.get(path("stay", sam)).content.decode()
    assert 'value="2026-11-07"' in page
    assert 'value="Elm 2"' in page
    response = browser.post(path("stay", sam), {"admitted_on": "2026-11-06", "bed": "Oak 3"})
    assert response.status_code == 303
    assert sam.stays.values_list("admitted_on", "bed").get() == (date(2026, 11, 6), "Oak 3")


def test_a_taken_bed_is_refused_in_words(sam, noor, mara, client_of):
    response = client_of(mara).post(path("stay", sam), {"admitted_on": "2026-11-07", "bed": "elm 3"})
    assert response.status_code == 422
    page = squeezed(response.content.decode())
    assert "Somebody has this bed already." in page
    assert "<bdi>Noor</bdi>has this bed." in page
    assert f'href="{path("stay", noor)}"' in page


def test_without_a_stay_there_is_none_to_change(sky, mara, client_of):
    assert client_of(mara).get(path("stay", sky)).status_code == 404


def test_the_care_team_changes_on_its_page(sam, ana, dev, mara, client_of):
    browser = client_of(mara)
    assert browser.post(path("care_team", sam), {"clinician": dev.pk}).status_code == 303
    assert browser.post(path("care_team_primary", sam, dev)).status_code == 303
    assert sam.primary_clinician == dev
    page = squeezed(browser.get(path("care_team", sam)).content.decode())
    assert path("care_team_ending", sam, ana) in page
    assert path("care_team_ending", sam, dev) not in page  # the primary one hands over first
    browser.post(path("care_team_ending", sam, ana))
    assert list(sam.care_team()) == [dev]
    page = squeezed(browser.get(path("care_team", sam)).content.decode())
    assert "Ana Ruiz</bdi><small>" in page
    assert "to 24 November 2026" in page


def test_the_primary_clinician_does_not_leave_before_another_leads(sam, ana, mara, client_of):
    page = client_of(mara).post(path("care_team_ending", sam, ana), follow=True).content.decode()
    assert "Make somebody else the primary clinician first." in page
    assert list(sam.care_team()) == [ana]


def test_nobody_is_added_without_a_choice_or_twice(sam, ana, eli, mara, client_of):
    for wrong in ("", ana.pk, eli.pk):
        assert client_of(mara).post(path("care_team", sam), {"clinician": wrong}).status_code == 422
    assert CareTeamMember.objects.count() == 1


def test_a5_these_pages_are_looks_too(sam, ana, mara, client_of):
    browser = client_of(mara)
    for name in ("stay", "care_team"):
        browser.get(path(name, sam))
    assert (
        list(AccessRecord.objects.values_list("actor_id", "subject_id", "what"))
        == [(mara.pk, sam.pk, "profile")] * 2
    )


def test_the_client_reads_stay_and_care_team(sam, ana, client_of):
    page = squeezed(client_of(sam).get("/me/").content.decode())
    assert "Your care team" in page
    assert "<bdi>Ana Ruiz</bdi><small>your primary clinician · since" in page
    assert "Since 7 November 2026, Elm 2" in page
    assert "Your care team" not in client_of(ana).get("/me/").content.decode()


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("name", "queries"), [("admission", 9), ("stay", 6), ("care_team", 8)])
def test_t4_these_pages_cost_the_same_for_many(
    rows, name, queries, sam, mara, client_of, django_assert_num_queries
):
    if name == "admission":
        sam.stays.update(discharged_on=TODAY)
    for number in range(rows):
        clinician = User.objects.create(username=f"d{number}", chosen_name=f"D {number}", role=Role.CLINICIAN)
        CareTeamMember.objects.create(client=sam, clinician=clinician, ended_at=NOW if number % 2 else None)
        Stay.objects.create(client=sam, admitted_on=date(2025, 1, 1), discharged_on=date(2025, 1, 2))
    browser = client_of(mara)
    with django_assert_num_queries(queries):
        assert browser.get(path(name, sam)).status_code == 200


def test_k9_the_lines_of_readers_say_what_a_list_shows_to_every_clinician(sam, ana, dev, mara, client_of):
    """Name and day of arrival, and no pronouns; the page of a discharge names no readers of another page."""
    everyone = squeezed(client_of(dev).get("/people/").content.decode())
    assert "<bdi>Sam</bdi> <small>since 7 November</small>" in everyone.replace(
        "</bdi><small>", "</bdi> <small>"
    )
    assert "they, them" not in everyone
    stay = squeezed(client_of(mara).get(path("stay", sam)).content.decode())
    assert "every clinician reads their name and the day of arrival" in stay
    own = squeezed(client_of(sam).get("/me/").content.decode())
    assert "every clinician reads your name and the day you came." in own
    assert "every clinician reads your name and the day you came in the list of people." in own
    assert "can see this." not in client_of(mara).get(path("discharge", sam)).content.decode()
