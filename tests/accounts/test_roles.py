from datetime import date

import pytest
from django.contrib.auth.context_processors import PermWrapper
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.gates import permitted
from accounts.models import User
from accounts.roles import ALUMNI, EVERY_PERMISSION, PERMISSIONS, Role

CLINICAL = {"accounts.answer_outreach", "groups.lead_session", "groups.record_attendance"}
OF_A_CLIENT = {
    "groups.view_own",
    "groups.join_session",
    "groups.keep_feed",
    "groups.encourage",
    "journal.write_entry",
    "checkins.check_in",
} | ALUMNI


@pytest.mark.parametrize("role", Role.values)
def test_has_perm_answers_from_the_one_table(role):
    user = User(role=role, username="x", chosen_name="X")
    assert {name for name in EVERY_PERMISSION if user.has_perm(name)} == PERMISSIONS[role]


@pytest.mark.parametrize("role", Role.values)
def test_an_account_that_is_off_may_do_nothing(role):
    user = User(role=role, is_active=False)
    assert not any(user.has_perm(name) for name in EVERY_PERMISSION)
    assert not user.has_module_perms("groups")


def test_nobody_outranks_the_table():
    assert not hasattr(User(), "is_superuser")
    assert not hasattr(User(), "is_staff")
    assert PERMISSIONS[Role.MANAGER] < EVERY_PERMISSION


def test_only_a_client_has_a_journal_and_check_ins():
    assert PERMISSIONS[Role.CLIENT] == OF_A_CLIENT
    for role in (Role.CLINICIAN, Role.EDITOR, Role.MANAGER):
        assert not PERMISSIONS[role] & OF_A_CLIENT


def test_a6_who_has_left_may_read_export_and_delete_and_nothing_else():
    alum = User(role=Role.CLIENT, away_since=date(2026, 11, 1))
    kept = {"journal.read_entry", "accounts.export_own", "accounts.delete_own"}
    assert {name for name in EVERY_PERMISSION if alum.has_perm(name)} == kept


def test_an_editor_has_no_right_that_touches_a_client():
    assert PERMISSIONS[Role.EDITOR] == {"faq.write", "faq.publish"}


def test_a_manager_has_no_clinical_right():
    assert not PERMISSIONS[Role.MANAGER] & CLINICAL


def test_a_misspelt_permission_is_an_error_and_no_silent_refusal():
    with pytest.raises(ValueError, match=r"groups\.juggle"):
        User(role=Role.MANAGER).has_perm("groups.juggle")
    with pytest.raises(ValueError, match=r"groups\.juggle"):
        permitted("groups.view_own", "groups.juggle")


def test_templates_ask_the_same_table():
    perms = PermWrapper(User(role=Role.CLINICIAN))
    assert perms["groups"]["view_schedule"]
    assert "checkins.check_in" not in perms


@pytest.mark.django_db
def test_the_database_knows_the_roles():
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="x", chosen_name="X", role="owner")


def test_a_name_is_taken_in_any_case(sam):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="SAM", chosen_name="Sam", role=Role.CLIENT)
    with pytest.raises(ValidationError, match="taken"):
        User.objects.create_user("Sam", role=Role.CLIENT, chosen_name="Sam")


def test_many_people_may_have_no_address_but_one_address_is_one_person(sam, noor):
    User.objects.create(username="a", chosen_name="A", role=Role.CLIENT)
    User.objects.create(username="b", chosen_name="B", role=Role.CLIENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="c", chosen_name="C", role=Role.CLIENT, email=sam.email.upper())
