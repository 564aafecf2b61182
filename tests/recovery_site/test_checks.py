"""A state that would hurt somebody is refused before it runs."""

from types import SimpleNamespace

import pytest
from celery.signals import beat_init, worker_init
from django.conf import settings as the_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, connection

from accounts import checks, vault
from recovery_site.start import refuse_to_harm


def ids(found):
    return [message.id for message in found]


@pytest.mark.parametrize("value", ["", "nonsense", "k1:c2hvcnQ=", "k1:###", ":" + "QUJD" * 11])
def test_malformed_vault_keys_are_an_error(settings, value):
    settings.VAULT_KEYS = value
    assert ids(checks.vault_keys_are_well_formed()) == ["accounts.E001"]


def test_well_formed_vault_keys_pass():
    assert checks.vault_keys_are_well_formed() == []


@pytest.mark.parametrize(
    "value",
    ["other:" + "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=", "test:" + "AAAA" * 10 + "AAA="],
    ids=["another name", "another key of that name"],
)
def test_a_key_that_stored_keys_need_must_not_be_missing(settings, sam, noor, value):
    vault.key_for(sam.pk)
    vault.key_for(noor.pk)
    assert checks.vault_keys_open_what_is_stored(databases=["default"]) == []
    settings.VAULT_KEYS = value
    found = checks.vault_keys_open_what_is_stored(databases=["default"])
    assert ids(found) == ["accounts.E002"]
    assert "test sealed: 2 keys" in found[0].msg


@pytest.mark.parametrize("kept", [{"secret": "sealed"}, {"seed": "sealed", "used_mask": 0}])
def test_a_key_that_a_second_step_needs_must_not_be_missing(settings, sam, kept):
    kept = {
        name: vault.seal_own("SECRET", "mfa") if value == "sealed" else value for name, value in kept.items()
    }
    sam.authenticator_set.create(type="totp" if "secret" in kept else "recovery_codes", data=kept)
    assert checks.second_steps_can_be_opened(databases=["default"]) == []
    settings.VAULT_KEYS = "other:" + "AAAA" * 10 + "AAA="
    assert ids(checks.second_steps_can_be_opened(databases=["default"])) == ["accounts.E012"]


def test_production_refuses_the_demo_the_admin_and_a_lost_policy(settings):
    settings.DEMO = True
    settings.REQUIRE_SECOND_FACTOR = False
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.admin"]
    settings.SECURE_CSP = {}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert ids(checks.production_is_not_a_demo()) == [
        "accounts.E003",
        "accounts.E004",
        "accounts.E005",
        "accounts.E011",
        "accounts.E006",
    ]


@pytest.mark.parametrize(
    ("demo", "host", "found"), [(True, "127.0.0.1", 0), (True, "192.0.2.7", 1), (False, "192.0.2.7", 0)]
)
def test_the_demo_is_served_to_this_machine_alone(settings, demo, host, found):
    settings.DEMO, settings.HOST = demo, host
    assert ids(checks.the_demo_stays_on_this_machine()) == ["accounts.E018"] * found


def test_production_must_be_reachable_and_its_mail_too(settings):
    settings.SITE_URL = "http://localhost:8000"
    settings.TRUSTED_PROXIES = 0
    settings.DEFAULT_FROM_EMAIL = "notices@localhost"
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.filebased.EmailBackend"}}
    found = ids(checks.production_can_be_reached())
    assert found == ["accounts.E007", "accounts.E008", "accounts.E009", "accounts.E010"]
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://house.example", ["house.example"]
    settings.TRUSTED_PROXIES = 1
    settings.DEFAULT_FROM_EMAIL = "notices@house.example"
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    assert checks.production_can_be_reached() == []


def test_a_vault_key_beside_the_database_is_warned_about(settings, tmp_path):
    settings.DEMO = False
    settings.REQUIRE_SECOND_FACTOR = True
    settings.DATA_DIR = tmp_path
    assert checks.production_is_not_a_demo() == []
    (tmp_path / "vault.key").write_text("k1:…")
    assert ids(checks.production_is_not_a_demo()) == ["accounts.W001"]


GUARDED = {
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "DATABASES": {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA secure_delete=ON"},
        }
    },
}


@pytest.mark.parametrize(
    ("lost", "found"),
    [
        ({}, []),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}}}, []),
        ({"MIDDLEWARE": ["django.middleware.csp.ContentSecurityPolicyMiddleware"]}, ["accounts.E013"]),
        ({"MIDDLEWARE": ["recovery_site.middleware.LoginRequiredMiddleware"]}, ["accounts.E014"]),
        ({"CSRF_COOKIE_NAME": "csrftoken"}, ["accounts.E015"]),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, ["accounts.E016"]),
        ({"MFA_TOTP_INSECURE_BYPASS_CODE": "123456"}, ["accounts.E017"]),
    ],
)
def test_production_refuses_to_lose_a_guard(monkeypatch, lost, found):
    known = SimpleNamespace(MIDDLEWARE=the_settings.MIDDLEWARE, **GUARDED)
    monkeypatch.setattr(checks, "settings", SimpleNamespace(**(vars(known) | lost)))
    assert ids(checks.production_is_guarded()) == found


def test_row_13_no_process_starts_with_keys_that_open_nothing(settings, sam):
    vault.key_for(sam.pk)
    refuse_to_harm()
    settings.VAULT_KEYS = "other:" + "AAAA" * 10 + "AAA="
    with pytest.raises(ImproperlyConfigured, match=r"accounts\.E002: VAULT_KEYS does not open"):
        refuse_to_harm()
    for signal in (worker_init, beat_init):
        with pytest.raises(SystemExit, match=r"accounts\.E002"):
            signal.send(sender=None)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_h1_a_database_that_is_away_keeps_no_process_from_starting(db, error):
    def refuse(*args):
        raise error

    with connection.execute_wrapper(refuse):
        refuse_to_harm()


def test_production_is_warned_that_no_backup_is_made(settings):
    settings.BACKUP_RECIPIENT = ""
    assert ids(checks.backups_are_made()) == ["accounts.W002"]
    settings.BACKUP_RECIPIENT = "age1"
    assert checks.backups_are_made() == []
