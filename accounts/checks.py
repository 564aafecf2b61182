"""Refuses to run, or to be released, in a state that would hurt somebody."""

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning
from django.core.checks import register as register_check
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Count

from accounts import vault

if TYPE_CHECKING:
    from accounts.models.key import WrappedKey


def vault_keys_are_well_formed(**_: Any) -> list[CheckMessage]:
    try:
        vault.encryption_keys()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="accounts.E001")]
    return []


def vault_keys_open_what_is_stored(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """A missing key-encryption key means that somebody's journal cannot be opened."""
    known = connection.introspection.table_names() if databases else []
    lost: Counter[str] = Counter()
    for table in [table for table in vault.key_tables() if table._meta.db_table in known]:
        rows = table._default_manager.order_by("key_name")
        counts = rows.values_list("key_name").annotate(Count("pk"))
        lost.update({name: count for name, count in counts if not opens(rows.filter(key_name=name)[0])})
    words = "VAULT_KEYS does not open what {} sealed: {} keys of people and groups."
    return [Error(words.format(name, count), id="accounts.E002") for name, count in lost.items()]


def second_steps_can_be_opened(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """With the key lost, whoever set up an app or spare codes could not come in any more."""
    from allauth.mfa.models import Authenticator

    if not databases or Authenticator._meta.db_table not in connection.introspection.table_names():
        return []
    kept = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("data", flat=True)
    sealed = [data.get("secret") or data.get("seed") or "" for data in kept]
    one_of_each = {text.partition(":")[0]: text for text in sealed}
    lost = [name for name, text in one_of_each.items() if not opens_own(text)]
    words = "VAULT_KEYS does not open the second steps of signing in that {} sealed."
    return [Error(words.format(name), id="accounts.E012") for name in lost]


def opens_own(sealed: str) -> bool:
    try:
        vault.unseal_own(sealed, "mfa")
    except vault.Unreadable:
        return False
    return True


def opens(row: "WrappedKey") -> bool:
    try:
        vault.unwrap(row)
    except vault.Unreadable:
        return False
    return True


def the_demo_stays_on_this_machine(**_: Any) -> list[CheckMessage]:
    """Its passwords are in the README, and its cookies need no https."""
    if not settings.DEMO or settings.HOST in ("127.0.0.1", "::1", "localhost"):
        return []
    hint = "Leave HOST out, or turn DEMO off."
    return [Error(f"DEMO is on and HOST is {settings.HOST}.", hint=hint, id="accounts.E018")]


def production_is_not_a_demo(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.DEMO:
        found.append(Error("DEMO is on: everybody can read its passwords.", id="accounts.E003"))
    if (settings.DATA_DIR / "vault.key").exists():
        found.append(
            Warning(
                "The vault's key lies beside the database.",
                hint="Set VAULT_KEYS in the environment, and keep a copy apart from the backups.",
                id="accounts.W001",
            )
        )
    if "django.contrib.admin" in settings.INSTALLED_APPS:
        found.append(Error("Django's admin opens with a password alone.", id="accounts.E004"))
    if not settings.SECURE_CSP:
        found.append(Error("SECURE_CSP is empty.", id="accounts.E005"))
    if not settings.REQUIRE_SECOND_FACTOR:
        hint = "A stolen password of one member of staff would open every client's page (A3)."
        found.append(Error("REQUIRE_SECOND_FACTOR is off.", hint=hint, id="accounts.E011"))
    if "DatabaseCache" not in settings.CACHES["default"]["BACKEND"]:
        found.append(Error("Sign-in limits need the database cache.", id="accounts.E006"))
    return found


def production_is_guarded(**_: Any) -> list[CheckMessage]:
    """What the pages rely on, and a changed settings file could lose."""
    middleware = " ".join(settings.MIDDLEWARE)
    cookies = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    database = settings.DATABASES["default"]
    on_sqlite = database["ENGINE"].endswith("sqlite3")
    options = {} if not on_sqlite else database.get("OPTIONS", {})
    guards = {
        "E013": (
            "LoginRequiredMiddleware is missing: every page would be open.",
            "LoginRequired" in middleware,
        ),
        "E014": ("The policy's middleware is missing.", "ContentSecurityPolicyMiddleware" in middleware),
        "E015": (
            "Cookies of production begin with __Host-.",
            all(name.startswith("__Host-") for name in cookies),
        ),
        "E016": (
            "SQLite must take its lock at the beginning, and wipe what it deletes.",
            not on_sqlite
            or (options.get("transaction_mode"), "secure_delete=ON" in options.get("init_command", ""))
            == ("IMMEDIATE", True),
        ),
        "E017": (
            "MFA_TOTP_INSECURE_BYPASS_CODE opens every account.",
            not getattr(settings, "MFA_TOTP_INSECURE_BYPASS_CODE", None),
        ),
    }
    return [Error(words, id=f"accounts.{name}") for name, (words, holds) in guards.items() if not holds]


def production_can_be_reached(**_: Any) -> list[CheckMessage]:
    """The server listens on this machine alone, so without a proxy that speaks https nobody gets in."""
    found: list[CheckMessage] = []
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https" or site.hostname not in settings.ALLOWED_HOSTS:
        hint = "It stands in every mail, and its host must be one of ALLOWED_HOSTS."
        found.append(Error(f"SITE_URL is {settings.SITE_URL}.", hint=hint, id="accounts.E007"))
    if settings.TRUSTED_PROXIES < 1:
        hint = "How many stand in front? They must drop headers with an underscore in their name."
        found.append(Error("TRUSTED_PROXIES is 0.", hint=hint, id="accounts.E008"))
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        found.append(Error(f"MAIL_FROM is {settings.DEFAULT_FROM_EMAIL}.", id="accounts.E009"))
    if not settings.MAILERS["default"]["BACKEND"].endswith("smtp.EmailBackend"):
        found.append(Error("MAIL_URL is not set: mail would be written to a folder.", id="accounts.E010"))
    return found


def backups_are_made(**_: Any) -> list[CheckMessage]:
    if settings.BACKUP_RECIPIENT:
        return []
    hint = "`manage.py backup --new-key` makes a pair; docs/backup.md tells the rest."
    return [Warning("BACKUP_RECIPIENT is not set: no backup can be made.", hint=hint, id="accounts.W002")]


def register() -> None:
    register_check(vault_keys_are_well_formed, Tags.security)
    register_check(the_demo_stays_on_this_machine, Tags.security)
    register_check(vault_keys_open_what_is_stored, Tags.database)
    register_check(second_steps_can_be_opened, Tags.database)
    register_check(production_is_not_a_demo, Tags.security, deploy=True)
    register_check(production_is_guarded, Tags.security, deploy=True)
    register_check(backups_are_made, Tags.security, deploy=True)
    register_check(production_can_be_reached, Tags.security, deploy=True)
