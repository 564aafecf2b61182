"""What `make coverage` measures is there. It runs this too, so that none of it is passed over unseen."""

import tomllib
from importlib import import_module

import pytest

from tests.product import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]
NAMED = SETTINGS["run"]["include"]


@pytest.mark.parametrize("pattern", NAMED)
def test_each_module_that_is_named_is_there_and_can_be_loaded(pattern):
    found = [path.relative_to(ROOT).with_suffix("") for path in ROOT.glob(pattern)]
    assert found
    for path in found:
        import_module(".".join(path.parts).removesuffix(".__init__"))


def test_every_branch_is_asked_for_and_no_comment_excuses_one():
    assert SETTINGS["run"]["branch"] is True
    assert SETTINGS["report"]["fail_under"] == 100
    excused = [path for pattern in NAMED for path in ROOT.glob(pattern) if "# pragma" in path.read_text()]
    assert excused == []
