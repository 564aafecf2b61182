"""One measured figure, and how it stands to its target. Every part of `benchmarks` yields these."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass

SLACK = 1.25  # before a ratio or a time counts as missed; what is counted has none


@dataclass(frozen=True)
class Figure:
    number: str  # of the target in the design; "" for what is told beside
    what: str
    value: float
    unit: str = ""  # the letter of the floor it is a ratio to, or what is counted
    target: float | None = None
    least: bool = False  # the target is the least that will do, not the most
    exact: bool = False
    note: str = ""

    @property
    def met(self) -> bool:
        if self.target is None:
            return True
        slack = 1 if self.exact else SLACK
        return self.value * slack >= self.target if self.least else self.value <= self.target * slack

    @property
    def measured(self) -> str:
        return f"{shown(self.value)} {self.unit}".strip()

    @property
    def wanted(self) -> str:
        if self.target is None:
            return ""
        return f"{'≥' if self.least else '≤'} {shown(self.target)} {self.unit}".strip()

    @property
    def line(self) -> str:
        verdict = "" if self.met else "missed"
        return (
            f"  {self.number:4} {self.what:44} {self.measured:>18}   {self.wanted:18} {verdict:7} {self.note}"
        )


def shown(value: float) -> str:
    """As many digits as tell something."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def tell(figures: Iterable[Figure]) -> None:
    """To whoever started this module: one figure a line, as soon as it is known."""
    for figure in figures:
        sys.stdout.write(json.dumps(asdict(figure)) + "\n")
        sys.stdout.flush()


def heard(line: str) -> Figure:
    return Figure(**json.loads(line))
