"""A rotation that is killed half-way, again and again: every page opens at each moment (test 32)."""

import json
import subprocess
import sys
from pathlib import Path

from recovery_site.environment import new_vault_key
from tests.faults.test_sentinel import stored
from tests.product import ROOT, running


def test_j1_a_rotation_killed_half_way_loses_no_page_and_goes_on(tmp_path: Path) -> None:
    with running(tmp_path, number=11) as house:
        older = (house.data / "vault.key").read_text().strip()
        newer = new_vault_key().replace(older.partition(":")[0], "newer")
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.cut_rotation"],
            cwd=ROOT,
            env={**house.environment, "VAULT_KEYS": f"{newer},{older}"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout.splitlines()[-1])

        people, cuts = found["people"], [count for count, _opened in found["cuts"]]
        assert cuts == sorted(set(cuts)), "one of them moved nothing"
        assert cuts[-1] < people, "none was left to be killed"
        assert {opened for _count, opened in found["cuts"]} == {people}
        assert (found["opened"], found["lost"]) == (people, 0)
        assert found["moved"] > people  # those of the demo program too

        content = [data for name, data in stored(house) if "db.sqlite3" in name or name == "accounts_datakey"]
        wrappings = [bytes.fromhex(digits) for digits in found["wrappings"]]
        assert [wrapped for wrapped in wrappings if any(wrapped in data for data in content)] == []
