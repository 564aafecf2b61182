"""docs/security-tests.md names tests that exist, for every row of the catalogue."""

import ast
import re
from functools import cache

import pytest

from tests.product import ROOT

TABLE = (ROOT / "docs" / "security-tests.md").read_text()
ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", TABLE, re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@cache
def named_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_row_of_the_catalogue_is_there():
    assert [int(number) for number, *_rest in ROWS] == list(range(1, 47))


@pytest.mark.parametrize(("number", "tests"), [(row[0], row[3]) for row in ROWS])
def test_a_row_names_tests_that_exist(number, tests):
    named = NAMED.findall(tests)
    assert named
    assert [f"{path}::{name}" for path, name in named if name not in named_in(path)] == []
    assert tests == " ".join(f"`{path}::{name}`" for path, name in named)
