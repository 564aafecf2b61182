"""What the documents say of the code is so."""

import re

from tests.product import ROOT

README = (ROOT / "README.md").read_text()
OF_SCRIPTS = {"HOST", "PORT"}  # read by the Procfile and bin/run


def test_the_readme_names_each_variable_of_the_environment_and_no_other():
    settings = (ROOT / "recovery_site" / "settings.py").read_text()
    known = set(re.findall(r'env(?:\.\w+)?\("([A-Z_]+)"', settings)) | OF_SCRIPTS
    table = README[README.index("## Environment") : README.index("## Run it for real")]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {name for cell in rows for name in re.findall(r"`([A-Z_]+)`", cell)} == known


def test_each_document_that_is_linked_is_there():
    for document in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\(([^)#]+)", document.read_text()):
            assert "://" in link or (document.parent / link).exists(), f"{document.name}: {link}"


def test_the_map_of_the_house_names_each_folder():
    named = set(re.findall(r"^\| `([a-z_]+)/", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE))
    kept = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"}
    made = {"var", "staticfiles", "secrets"}
    assert named == kept - made
