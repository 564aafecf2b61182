"""Promises of the image and of docker-compose.yml that a reader of either could break without seeing it."""

import re
import shlex
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEvent, DataKey, Invitation, User
from recovery_site import database_role
from recovery_site.database import OF_OWNER, OF_SERVER, OF_SQLITE, database
from tests.product import procfile

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
STAY_UP = set(SERVICES) - {"secrets", "migrate"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SECRET_NAMES = ("SECRET_KEY", "VAULT_KEYS", "DATABASE_URL", "REDIS_URL")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_can_do_no_more_than_it_must(name):
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert service["mem_limit"]
    assert service["pids_limit"] <= 200
    assert not {"privileged", "devices", "pid", "ipc"} & set(service)
    if name in STAY_UP:
        assert service["restart"] == "unless-stopped"
        assert service["cpus"]
        assert service["logging"] == {"options": {"max-size": "10m", "max-file": "5"}}


def test_only_proxies_are_reached_from_outside_and_only_the_profile_tls_by_the_world():
    open_ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(open_ports) == {"proxy", "tls"}
    assert all(port.startswith("127.0.0.1:") for port in open_ports["proxy"])
    assert SERVICES["tls"]["profiles"] == ["tls"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [SERVICES[name]["networks"] for name in ("db", "redis")] == [["inside"], ["inside"]]


def test_a_proxy_reads_of_the_product_what_it_shows_when_nobody_answers_and_nothing_else():
    shared = {volume.split(":")[0] for name in OURS for volume in SERVICES[name]["volumes"]}
    for name in ("proxy", "tls"):
        volumes = [volume for volume in SERVICES[name]["volumes"] if volume.split(":")[0] in shared]
        assert volumes == ["help:/srv/stillwater:ro"]
    assert "HELP_DIR=/help" in DOCKERFILE


def test_no_service_has_a_name_of_its_own_so_that_each_can_be_many():
    assert [name for name, service in SERVICES.items() if "container_name" in service] == []


def test_each_service_sees_its_own_part_of_the_secrets_and_the_owners_only_migrate_does():
    def parts(name):
        volumes = [str(volume) for volume in SERVICES[name].get("volumes", [])]
        return [re.search(r"secrets\}(/\w+)?", volume)[1] for volume in volumes if "SECRETS" in volume]

    assert {name: parts(name) for name in SERVICES} == {
        "secrets": [None],
        "migrate": ["/app", "/owner"],
        "web": ["/app"],
        "worker": ["/app"],
        "beat": ["/app"],
        "db": ["/database"],
        "redis": ["/queue"],
        "proxy": [],
        "tls": [],
    }
    for name in OURS:
        environment = SERVICES[name]["environment"]
        assert not set(SECRET_NAMES) & set(environment)
        assert {f"{secret}_FILE" for secret in SECRET_NAMES} <= set(environment)
    assert SERVICES["secrets"]["network_mode"] == "none"


def test_what_must_come_first_is_waited_for():
    ready = {
        "migrate": {"condition": "service_completed_successfully"},
        "db": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
    }
    assert [SERVICES[name]["depends_on"] for name in ("web", "worker", "beat")] == [ready] * 3
    made = {"secrets": {"condition": "service_completed_successfully"}}
    assert [SERVICES[name]["depends_on"] for name in ("db", "redis")] == [made] * 2
    assert all(SERVICES[name]["healthcheck"]["test"] for name in ("db", "redis", "web"))


def test_the_proxy_keeps_addresses_to_itself_and_believes_no_header_that_it_did_not_set():
    """What each line does was seen with Caddy itself; here only that none of them gets lost."""
    rules = (ROOT / "deploy" / "Caddyfile").read_text()
    assert "\texclude http.log.error http.handlers.reverse_proxy" in rules.replace("\t\t", "\t")
    assert "\trequest_header -*_*" in rules
    assert "encode {\n\t\tgzip\n\t\tmatch {\n\t\t\theader Cache-Control *public*" in rules
    world, house = rules.split("# For a proxy of your own")
    assert "trusted_proxies" not in world
    assert "\trequest_header -X-Request-ID" in world
    assert "http://:8080 {" in house
    assert "trusted_proxies private_ranges" in house
    assert not re.search(r"^\s*(log\s*\{|output|access)", rules.replace("log default {", ""), flags=re.M)


def test_containers_run_the_lines_of_the_procfile():
    assert {name: SERVICES[name]["command"] for name in ("web", "worker", "beat")} == {
        name: ["bin/start", name] for name in procfile()
    }
    web = shlex.split(procfile()["web"])
    assert web[web.index("--host") + 1] == "${HOST:-127.0.0.1}"


def test_the_last_stage_runs_as_nobody_in_particular_and_has_no_tools_to_build_with():
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert last.startswith("python:3.13-slim-trixie AS product")
    assert "USER 10001:10001" in last
    assert "HEALTHCHECK" in last
    assert not re.search(r"pip|gcc|build-essential|collectstatic", last)
    assert not re.search(r"(SECRET_KEY|VAULT_KEYS|PASSWORD)\s*=", DOCKERFILE)


def test_nothing_reaches_an_image_that_is_not_named():
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert lines[0] == "*"
    assert not {"!.git", "!var", "!secrets", "!.env", "!tests"} & set(lines)
    rooms = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    needed = {*rooms, "locale", "static", "templates", "bin", "deploy", "manage.py", "Procfile"}
    assert needed == {line[1:] for line in lines if line.startswith("!")}


def locked(path):
    """Name and version → the hashes, of each package in a lock."""
    blocks = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.M))
    return {block.split(" ")[0]: set(re.findall(r"sha256:\w+", block)) for block in blocks if "==" in block}


def test_the_image_has_the_versions_that_are_tested_and_nothing_for_development():
    tested, shipped = locked(ROOT / "requirements.txt"), locked(ROOT / "deploy" / "requirements.txt")
    assert {name: hashes for name, hashes in tested.items() if name in shipped} == shipped
    names = {name.split("==")[0] for name in shipped}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [re.match(r"[A-Za-z0-9-]+", line)[0] for line in project["project"]["dependencies"]]
    assert set(wanted) <= names
    developed_with = [re.match(r"[A-Za-z0-9-]+", line)[0] for line in project["dependency-groups"]["dev"]]
    assert set(developed_with) & names == set()


def test_secrets_are_made_once_and_are_their_owners_alone(tmp_path):
    def make():
        return subprocess.run(
            ["sh", ROOT / "bin" / "make-secrets", tmp_path / "kept"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def kept():
        return {
            str(path.relative_to(tmp_path / "kept")): path.read_text()
            for path in (tmp_path / "kept").rglob("*")
            if path.is_file()
        }

    assert "Keep a copy of app/vault_keys" in make()
    files = kept()
    assert sorted(files) == [
        *("app/database_url", "app/redis_url", "app/secret_key", "app/vault_keys"),
        *("database/password", "owner/database_url", "queue/password"),
    ]
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "kept").rglob("*") if path.is_file()} == {
        0o600
    }
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o700
    assert files["database/password"] in files["owner/database_url"]
    assert files["queue/password"] in files["app/redis_url"]
    assert files["database/password"] not in files["app/database_url"]
    assert re.fullmatch(r"k\w{6}:[A-Za-z0-9+/]{43}=", files["app/vault_keys"])
    assert make() == ""
    assert kept() == files


def test_the_owners_role_is_for_what_changes_tables(monkeypatch, tmp_path):
    app, owner = ({"ENGINE": "django.db.backends.postgresql", "USER": who} for who in ("app", "owner"))
    for command, user in (("migrate", "owner"), ("grant_app_role", "owner"), ("shell", "app")):
        monkeypatch.setattr(sys, "argv", ["manage.py", command])
        assert database(app, owner, tmp_path)["USER"] == user
        assert database(app, {}, tmp_path)["USER"] == "app"
    monkeypatch.setattr(sys, "argv", ["manage.py", "migrate"])
    assert database(app, owner, tmp_path)["OPTIONS"] == OF_SERVER | OF_OWNER
    assert (
        database({**app, "OPTIONS": {"connect_timeout": 9}}, {}, tmp_path)["OPTIONS"]["connect_timeout"] == 9
    )
    file = tmp_path / "own.sqlite3"
    embedded = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}
    assert database(embedded, {}, tmp_path)["OPTIONS"] == OF_SQLITE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


DENIED = [
    "UPDATE accounts_auditevent SET act = act",
    "DELETE FROM accounts_accessrecord",
    "DELETE FROM groups_attendancechange",
    "TRUNCATE accounts_auditseal",
    "ALTER TABLE accounts_user ADD extra int",
    "DROP TRIGGER accounts_auditevent_guard ON accounts_auditevent",
    "ALTER TABLE accounts_auditevent DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "CREATE TABLE own (id int)",
    "CREATE OR REPLACE FUNCTION accounts_append_only() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'",
    "DELETE FROM django_migrations",
    "SELECT accounts_rewrite_keys('accounts_user')",
]


def refused(statement):
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def test_row_31_the_role_of_the_product_can_change_no_table_and_no_row_that_is_only_added_to(
    guarded, settings, sam
):
    """On SQLite whoever reads the file owns it, and triggers alone refuse (accounts/append_only.py)."""
    AuditEvent.objects.record(AuditEvent.Act.SIGNED_OUT, by=sam, about=sam, now=timezone.now())
    if connection.vendor == "sqlite":
        assert "is append-only" in refused("UPDATE accounts_auditevent SET act = act")
        assert "is append-only" in refused("DELETE FROM accounts_auditevent")
        return
    settings.APP_DATABASE = {"USER": "the_product", "PASSWORD": "a-long-word"}
    assert database_role.grant() == database_role.grant()  # both in this test's transaction, and gone with it
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE the_product")
        for statement in DENIED:
            assert re.search(r"permission denied|must be owner|holds no keys", refused(statement)), statement
        DataKey.sweep()
        cursor.execute("SELECT count(*) FROM accounts_auditevent")
        assert cursor.fetchone() == (1,)
    AuditEvent.objects.record(AuditEvent.Act.SIGNED_OUT, by=sam, about=sam, now=timezone.now())
    User.objects.filter(pk=sam.pk).update(is_active=False)


def test_row_31_a_role_that_owns_the_tables_is_refused(db, settings):
    settings.APP_DATABASE = {"USER": "the_product", "PASSWORD": ""}
    if connection.vendor == "sqlite":
        assert "nothing to grant" in database_role.grant()
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE the_product SUPERUSER")
    with pytest.raises(database_role.Refused, match="nothing could be kept from it"):
        database_role.grant()


def test_the_first_manager_is_invited_once_and_only_while_there_is_none(db, capsys):
    call_command("invite_manager", "--first")
    assert "/invitations/" in capsys.readouterr().out
    call_command("invite_manager", "--first")
    assert capsys.readouterr().out == ""
    Invitation.objects.all().delete()
    call_command("invite_manager", "--first")
    assert "/invitations/" in capsys.readouterr().out


def test_no_invitation_is_printed_where_somebody_manages(mara, capsys):
    call_command("invite_manager", "--first")
    assert capsys.readouterr().out == ""
