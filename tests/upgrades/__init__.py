"""Houses as released versions left them, sealed as backups: one of everything in tests.world.

`python -m tests.upgrades VERSION` adds that of now, for the database of DATABASE_URL, which must be empty, or
for SQLite. The key is for these files alone and opens nothing else.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
IDENTITY = FOLDER / "identity.txt"
