"""What settings.py reads from the environment and turns into Django's shapes."""

import base64
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class Files(FileAwareMapping):
    """The environment, where NAME_FILE names a file that holds NAME: most editors end it with a new line."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return value.strip() if f"{key}_FILE" in self.env else value


class Env(environ.FileAwareEnv):
    ENVIRON = Files()


def secret(name: str, given: str, make: Callable[[], str], folder: Path | None) -> str:
    """The secret of this name: the one given, else one kept in the folder. Raises ImproperlyConfigured where
    there is neither, and where a new one would not open what the database in the folder holds.
    """
    if given:
        return given
    known = {"SECRET_KEY": "secret.key", "VAULT_KEYS": "vault.key"}[name]
    if folder is None:
        raise ImproperlyConfigured(f"{name} is not set. Set it, or {name}_FILE, for all processes alike.")
    path = folder / known
    if not path.exists() and (folder / "db.sqlite3").exists():
        raise ImproperlyConfigured(f"{path} is gone, and the database beside it needs it: bring it back.")
    return kept_secret(path, make)


def kept_secret(path: Path, make: Any) -> str:
    """The secret in the file at `path`; made on first use, readable by its owner alone.

    Two processes that start at once agree: the file is written elsewhere and linked into place.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
        try:
            os.link(draft, path)
            sys.stderr.write(f"Made {path}. Keep a copy of it apart from the backups.\n")
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def new_secret_key() -> str:
    return secrets.token_urlsafe(48)


def new_vault_key() -> str:
    """One key-encryption key in the form that VAULT_KEYS takes: name, colon, 256 random bits."""
    return f"k{secrets.token_hex(3)}:{base64.b64encode(os.urandom(32)).decode()}"


# The services behind the browsers that people have; a star stands for any name below.
PUSH_HOSTS = [
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.notify.windows.com",
    "web.push.apple.com",
]


def push_key(given: str, folder: Path | None) -> str:
    """The key that signs web push (RFC 8292): the one given, else one kept in the folder, else none."""
    return given or (kept_secret(folder / "push.key", new_push_key) if folder else "")


def new_push_key() -> str:
    from cryptography.hazmat.primitives.asymmetric import ec

    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32)).decode().rstrip("=")


def mailer(url: str) -> dict[str, Any]:
    """An entry of MAILERS for smtp://, smtps://, smtp+tls://, file:// and console: addresses.

    django-environ yields the EMAIL_* settings that Django 6.1 deprecates, hence by hand.
    """
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if parts.scheme in ("smtp", "smtps", "smtp+tls"):
        port = parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme]
        options: dict[str, Any] = {
            "host": parts.hostname,
            "port": port,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp+tls",
            "use_ssl": parts.scheme == "smtps",
            "timeout": int(query.get("timeout", ["10"])[0]),
        }
        return {"BACKEND": "notifications.channels.smtp.EmailBackend", "OPTIONS": options}
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": unquote(parts.path)},
        }
    if parts.scheme == "console":
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    raise ValueError(f"MAIL_URL: {parts.scheme}:// is none of smtp, smtps, smtp+tls, file, console")


def broker_options(url: str, folder: Path) -> dict[str, str | int]:
    """What Celery's transport needs to know: folders of its own where no server runs, figures for Redis."""
    if not url.startswith("filesystem:"):
        return {"visibility_timeout": 300, "unacked_restore_throttle": 1}
    messages, control = folder / "messages", folder / "control"
    for made in (messages, control):
        made.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
    }
