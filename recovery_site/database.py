"""Which database, and as whom: the product reads and writes rows, its owner changes tables (row 31)."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

OWNERS_COMMANDS = ("migrate", "createcachetable", "grant_app_role", "restore")
OF_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON",
}
# A server that vanished says nothing: nobody waits minutes for it, and the help page never does (H1, row 25).
OF_SERVER = {
    "connect_timeout": 5,  # seconds, as the next two
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
    # Our questions are short and have many parts: compiling one took a second, and asking it a millisecond.
    "options": "-c jit=off",
}
# A change that waits for a table makes everybody wait behind it: better that it fails and is tried again.
OF_OWNER = {"options": "-c jit=off -c lock_timeout=5s"}


def database(app: dict[str, Any], owner: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The entry of DATABASES for this process, of the addresses in the environment."""
    owns = sys.argv[1:2] and sys.argv[1] in OWNERS_COMMANDS
    chosen = {**(owner if owner and owns else app), "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    if chosen["ENGINE"].endswith("sqlite3"):
        if (file := Path(chosen["NAME"])).is_absolute():
            with suppress(OSError):  # where it cannot lie, Django says so
                file.touch(0o600)  # for its owner alone, and SQLite's journals with it
        # A file, so that the threads and processes of a test share it.
        return {**chosen, "OPTIONS": OF_SQLITE, "TEST": {"NAME": str(folder / "test.sqlite3")}}
    given = {**OF_SERVER, **chosen.get("OPTIONS", {})}
    return {**chosen, "OPTIONS": {**given, **OF_OWNER} if owns else given}
