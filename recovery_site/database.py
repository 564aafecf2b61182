"""Which database, and as whom: the product reads and writes rows, its owner changes tables (row 31)."""

import sys
from pathlib import Path
from typing import Any

OWNERS_COMMANDS = ("migrate", "createcachetable", "grant_app_role", "restore")
OF_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON",
}
# A change that waits for a table makes everybody wait behind it: better that it fails and is tried again.
OF_OWNER = {"options": "-c lock_timeout=5s"}


def database(app: dict[str, Any], owner: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The entry of DATABASES for this process, of the addresses in the environment."""
    owns = sys.argv[1:2] and sys.argv[1] in OWNERS_COMMANDS
    chosen = {**(owner if owner and owns else app), "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    if chosen["ENGINE"].endswith("sqlite3"):
        # A file, so that the threads and processes of a test share it.
        return {**chosen, "OPTIONS": OF_SQLITE, "TEST": {"NAME": str(folder / "test.sqlite3")}}
    if owns:
        return {**chosen, "OPTIONS": {**chosen.get("OPTIONS", {}), **OF_OWNER}}
    return chosen
