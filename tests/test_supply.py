"""What comes from others is what was looked at (row 44)."""

import re
from hashlib import sha256

import pytest

from tests.product import ROOT
from tests.test_headers import EVERYWHERE, policy_of

FONTS = ROOT / "static" / "fonts"
PINNED = re.compile(r"[\w.\[\]-]+==\S+.*--hash=sha256:[0-9a-f]{64}", re.DOTALL)


def test_row_44_fonts_are_those_that_were_looked_at():
    found = [f"{sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in FONTS.glob("*.woff2")]
    assert sorted(found) == sorted((FONTS / "SHA256SUMS").read_text().splitlines())


@pytest.mark.parametrize("name", ["requirements.txt", "deploy/requirements.txt"])
def test_row_44_every_package_is_one_version_and_known_by_its_hash(name):
    text = re.sub(r"^#.*\n", "", (ROOT / name).read_text(), flags=re.MULTILINE)
    packages = re.split(r"\n(?=\w)", text)
    assert len(packages) > 40
    assert [package[:60] for package in packages if not PINNED.match(package)] == []


def test_row_44_no_page_asks_another_server_for_a_script_or_a_style():
    outside = re.compile(r"<(script|link|img|iframe)\b[^>]*(src|href)=[\"'](https?:)?//|url\(.?http", re.I)
    pages = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("static/css/*.css"), *ROOT.glob("static/js/*.js")]
    assert len(pages) > 100
    assert [path.name for path in pages if outside.search(path.read_text())] == []


def test_row_44_a_file_of_the_product_carries_the_policy_and_no_cookie(client, db):
    response = client.get("/static/css/tokens.css")
    response.close()
    assert response.status_code == 200
    assert not response.cookies
    for header in ("X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"):
        assert response.headers[header] == EVERYWHERE[header]
    assert policy_of(response)[0]["default-src"] == ["'none'"]
