import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from recovery_site.environment import kept_secret, mailer, new_vault_key


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
