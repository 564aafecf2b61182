"""The rules of the house that a reader would otherwise have to remember."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("recovery_site", "accounts", "notifications", "groups", "journal", "checkins", "faq")
PYTHON = sorted(
    path
    for folder in (*ROOMS, "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
CODE = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in ROOMS]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
VIEWS = [path for path in CODE if path.name == "views.py" or {"views", "home"} & set(path.parts)]
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "base.py", "services.py"}

# Rows that tell something about a person. Whoever reads them in a view goes through `visible_to`.
SENSITIVE = {
    "Acceptance",
    "AccessRecord",
    "Attendance",
    "AttendanceChange",
    "AuditEvent",
    "Booking",
    "Bringing",
    "CalendarFeed",
    "CareTeamMember",
    "CheckIn",
    "Company",
    "Contact",
    "DataKey",
    "Distance",
    "Draft",
    "EmergencyAccess",
    "Encouragement",
    "Entry",
    "GroupKey",
    "Invitation",
    "JoinRequest",
    "Measure",
    "Membership",
    "Narrative",
    "Notification",
    "OnThisDay",
    "OutreachTask",
    "PushSubscription",
    "ReminderPlan",
    "Reply",
    "SessionNote",
    "Share",
    "SharedCopy",
    "Stay",
    "Unsent",
    "User",
}
# Doors besides `visible_to` that scope by the person they are given, or only write.
SCOPED = {"visible_to", "listed_for", "cared_for_by", "note", "ask", "post", "post_many"} | {
    *("appoint", "answer", "skip", "trend", "for_clinician", "picture_of_day", "for_client"),
    *("beside", "undelivered_seen_by", "taken_by_outage", "log", "take_back", "for_page_of"),
    # Past a care team for an hour (A10), and what is only ever added to.
    # Whoever holds a token, asks for a card or approves one (A1, A2), and what only writes.
    *("with_token", "cards_seen_by", "cards_for_approval", "cards_of", "issue", "mail", "ask_card", "accept"),
    *(
        "for_emergency",
        "opened_to",
        "reach_of",
        "held_by",
        "begin",
        "done",
        "record",
        "downloads_of",
        "renew",
    ),
}


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.name, node.end_lineno - node.lineno + 1


@pytest.mark.parametrize(
    ("paths", "most"), [(PYTHON, 300), (TEMPLATES, 80), (STYLES, 200)], ids=["python", "templates", "styles"]
)
def test_files_stay_short(paths, most):
    assert paths
    assert [f"{path.relative_to(ROOT)}: {lines(path)}" for path in paths if lines(path) > most] == []


@pytest.mark.parametrize(("paths", "most"), [(PYTHON, 40), (VIEWS, 25)], ids=["functions", "views"])
def test_functions_stay_short(paths, most):
    found = [f"{path.name}:{name}: {size}" for path in paths for name, size in functions(path) if size > most]
    assert found == []


def test_typical_files_and_functions_are_far_below_the_budget():
    sizes = sorted(lines(path) for path in CODE if path.name != "__init__.py")
    assert sizes[len(sizes) // 2] < 100
    spans = sorted(size for path in CODE for _name, size in functions(path))
    assert spans[len(spans) // 2] < 9


def test_no_file_is_a_drawer():
    assert [name for name in names(CODE) if Path(name).name in FORBIDDEN_NAMES] == []


def test_templates_carry_no_inline_style_script_or_handler():
    inline = re.compile(r"\s(style|on[a-z]+)\s*=|<style|<script(?![^>]*\bsrc=)", re.I)
    found = [str(path.relative_to(ROOT)) for path in TEMPLATES if inline.search(path.read_text())]
    assert found == []


def test_only_sanitised_columns_are_marked_safe():
    # The editors' pages are cleaned when they are stored; help texts of forms are our own words.
    found = [str(path.relative_to(ROOT)) for path in TEMPLATES if "|safe" in path.read_text()]
    allowed = ("templates/faq/", "templates/django/forms/")
    assert [name for name in found if not name.startswith(allowed)] == []


def chains(tree: ast.AST) -> Iterator[tuple[int, str, set[str]]]:
    """Each `Model.objects.…` in the tree: line, model, and the names of the whole chain."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name)
        ):
            continue
        chain, outer = set(), parents.get(node)
        while isinstance(outer, ast.Attribute | ast.Call):
            if isinstance(outer, ast.Attribute):
                chain.add(outer.attr)
            outer = parents.get(outer)
        yield node.lineno, node.value.id, chain


def bare_models(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Each sensitive model handed whole to a shortcut such as get_object_or_404."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("get_"):
            for argument in node.args:
                if isinstance(argument, ast.Name) and argument.id in SENSITIVE:
                    yield node.lineno, argument.id


def unscoped(source: str) -> list[str]:
    tree = ast.parse(source)
    found = [
        f"{line}: {model}" for line, model, chain in chains(tree) if model in SENSITIVE and not chain & SCOPED
    ]
    return found + [f"{line}: {model}" for line, model in bare_models(tree)]


@pytest.mark.parametrize("path", VIEWS, ids=names(VIEWS))
def test_views_reach_sensitive_rows_through_visible_to(path):
    assert unscoped(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "Entry.objects.get(pk=pk)",
        "get_object_or_404(Entry, pk=pk)",
        "get_object_or_404(Entry.objects.filter(pk=pk))",
        "list(CheckIn.objects.order_by('day'))",
    ],
)
def test_the_search_for_unscoped_queries_finds_them(source):
    assert unscoped(source) != []


def test_the_search_for_unscoped_queries_lets_scoped_ones_pass():
    assert unscoped("get_object_or_404(Entry.objects.visible_to(user), pk=pk)") == []
