import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from recovery_site.environment import Env, Files, kept_secret, mailer, new_vault_key, secret
from tests.product import ROOT


def test_a_kept_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    path = tmp_path / "vault.key"
    first = kept_secret(path, new_vault_key)
    assert kept_secret(path, new_vault_key) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_a_secret(tmp_path):
    with ThreadPoolExecutor(16) as threads:
        secrets = set(threads.map(lambda _: kept_secret(tmp_path / "key", new_vault_key), range(64)))
    assert len(secrets) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_smtp_address_keeps_every_part():
    made = mailer("smtp+tls://house%40mail:s%2Fcret@mail.example:2525")
    assert made["OPTIONS"] == {
        "host": "mail.example",
        "port": 2525,
        "username": "house@mail",
        "password": "s/cret",
        "use_tls": True,
        "use_ssl": False,
        "timeout": 10,
    }


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [("smtp://h", 25, False, False), ("smtps://h", 465, False, True), ("smtp+tls://h", 587, True, False)],
)
def test_smtp_schemes_choose_port_and_encryption(url, port, tls, ssl):
    options = mailer(url)["OPTIONS"]
    assert (options["port"], options["use_tls"], options["use_ssl"]) == (port, tls, ssl)


def test_file_address_keeps_its_leading_slash():
    assert mailer("file:///srv/mail")["OPTIONS"] == {"file_path": "/srv/mail"}


def test_an_unknown_mail_address_is_refused_in_words():
    with pytest.raises(ValueError, match="pigeon:// is none of smtp, smtps"):
        mailer("pigeon://roof")


def test_row_13_a_server_without_its_keys_does_not_start_and_writes_nothing(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "SECRET_KEY": "x" * 60,
    }
    for command in (
        ["manage.py", "check"],
        ["-m", "celery", "--app", "recovery_site", "worker"],
        ["-c", "import recovery_site.wsgi"],
    ):
        done = subprocess.run(
            [sys.executable, *command], env=environment, capture_output=True, text=True, cwd=ROOT, check=False
        )
        assert done.returncode != 0
        assert "VAULT_KEYS is not set. Set it, or VAULT_KEYS_FILE" in done.stdout + done.stderr
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_row_13_a_key_that_is_gone_is_not_made_again_beside_its_database(tmp_path):
    made = secret("VAULT_KEYS", "", new_vault_key, tmp_path)
    (tmp_path / "db.sqlite3").touch()
    assert secret("VAULT_KEYS", "", new_vault_key, tmp_path) == made
    (tmp_path / "vault.key").unlink()
    with pytest.raises(ImproperlyConfigured, match="bring it back"):
        secret("VAULT_KEYS", "", new_vault_key, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["db.sqlite3"]
    assert secret("VAULT_KEYS", "given", new_vault_key, tmp_path) == "given"


def test_a_secret_in_a_file_is_read_without_its_last_line_break(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("s3cret\n")
    monkeypatch.setattr(Env, "ENVIRON", Files({"SECRET_KEY_FILE": str(tmp_path / "key"), "OTHER": "a "}))
    env = Env()
    assert (env("SECRET_KEY"), env("OTHER"), env("NONE", default="")) == ("s3cret", "a ", "")
    assert "SECRET_KEY" in env
