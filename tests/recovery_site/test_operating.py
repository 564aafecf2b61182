"""What docs/operate.md tells an operator to watch is there."""

import re

from django.core.management import get_commands
from django.urls import reverse

from recovery_site import metrics
from tests.product import ROOT

GUIDE = (ROOT / "docs" / "operate.md").read_text()


def test_each_figure_that_the_guide_names_is_counted_and_none_is_left_out(
    settings, tmp_path, monkeypatch, db
):
    settings.METRICS_PORT, settings.DATA_DIR = 9000, tmp_path
    monkeypatch.setattr(metrics, "_figures", None)
    monkeypatch.setenv(metrics.FOLDER, "")
    found = metrics.figures()
    counted = {f"stillwater_{name}_total" for name in ("requests", "tasks")} | {found.seconds._name}
    asked = {figure.name for figure in metrics.House().collect()}
    named = {name.removesuffix("_bucket") for name in re.findall(r"stillwater_\w+", GUIDE)}
    assert named == counted | asked


def test_each_command_and_route_that_the_guide_names_is_there():
    commands = set(re.findall(r"manage\.py (\w+)", GUIDE))
    assert commands
    assert commands <= set(get_commands())
    assert {reverse(name) for name in re.findall(r'route!?="([\w:]+)"', GUIDE)} == {
        "/health/",
        "/accounts/login/",
    }
