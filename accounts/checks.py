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


def register() -> None:
    register_check(vault_keys_are_well_formed, Tags.security)
    register_check(vault_keys_open_what_is_stored, Tags.database)
    register_check(second_steps_can_be_opened, Tags.database)
    register_check(production_is_not_a_demo, Tags.security, deploy=True)
    register_check(production_can_be_reached, Tags.security, deploy=True)
