"""I need someone now, from both sides: somebody comes, and nobody answers (K7, H1)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Axes, SignIn, leads_on
from tests.product import Product

# Only Ana is on call: the shifts of the demo would decide by the hour who is called first.
ANA_ALONE = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import DutyShift, User
now = timezone.now()
DutyShift.objects.all().delete()
ana, hours = User.objects.get(username="ana"), timedelta(hours=8)
DutyShift.objects.create(clinician=ana, starts_at=now - hours, ends_at=now + hours)
"""
LATER = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import OutreachTask
from notifications.models import Heartbeat
for part in Heartbeat.PARTS:
    Heartbeat.beat(part)
OutreachTask.objects.filter(client__username="noor").update(next_call_at=timezone.now())
OutreachTask.objects.call_next(timezone.now())
"""
ASK = "to come"


@pytest.fixture(autouse=True)
def on_call(product: Product) -> None:
    run(product, ANA_ALONE)


@pytest.fixture
def other(browser: Browser, browser_context_args: dict[str, object]) -> Iterator[Page]:
    """Somebody of the staff, on a device of their own."""
    with browser.new_context(**browser_context_args) as context:  # type: ignore[arg-type]
        yield context.new_page()


def run(product: Product, script: str) -> None:
    product.manage("shell", "--verbosity", "0", "--command", script)


def asks(page: Page, axe: Axes) -> None:
    """From Today; the help lines come before anything that can be sent."""
    leads_on(page.get_by_role("link", name="I need someone now").first)
    lines = page.locator("main").get_by_role("link", name="Call 988")
    expect(lines).to_have_attribute("href", "tel:988")
    ask = page.locator("main").get_by_role("button", name=ASK)
    above, below = lines.bounding_box(), ask.bounding_box()
    assert above
    assert below
    assert above["y"] < below["y"]
    axe(page)
    leads_on(ask)
    expect(page.get_by_role("heading", name="Nobody has answered yet.")).to_be_visible()
    axe(page)


@pytest.mark.parametrize(
    "scripts",
    [
        pytest.param(True, id="scripts"),
        pytest.param(
            False, id="no-scripts", marks=pytest.mark.browser_context_args(java_script_enabled=False)
        ),
    ],
)
def test_k7_somebody_comes(page: Page, other: Page, sign_in: SignIn, axe: Axes, scripts: bool) -> None:
    sign_in(page, "sam")
    asks(page, axe)
    expect(page.get_by_text("we called Ana Ruiz.")).to_be_visible()
    sign_in(other, "ana")
    expect(other.get_by_role("heading", name="They need someone")).to_be_visible()
    if scripts:  # the page asks by itself, without a hand on it
        page.evaluate("htmx.ajax('GET', location.pathname, {target: '#story', swap: 'outerHTML'})")
    else:
        leads_on(page.get_by_role("link", name="See if somebody has answered"))
    expect(page.get_by_text("Ana Ruiz had it on the screen.")).to_be_visible()

    other.get_by_role("button", name="I will go to Sam").click()
    expect(other.get_by_role("button", name="I talked to Sam")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Ana Ruiz will come to you.")).to_be_visible()
    axe(page)
    other.get_by_role("button", name="I talked to Sam").click()
    expect(other.get_by_text("Noted. Thank you.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Ana Ruiz talked with you.")).to_be_visible()
    expect(page.get_by_role("button", name=ASK)).to_be_visible()


def test_k7_nobody_answers(page: Page, other: Page, product: Product, sign_in: SignIn, axe: Axes) -> None:
    """Noor reads it as it is; whoever runs the house is told."""
    sign_in(page, "noor")
    asks(page, axe)
    for _call in range(4):  # the whole line, and round again
        run(product, LATER)
    page.reload()
    expect(page.get_by_role("heading", name="Nobody has answered yet.")).to_be_visible()
    assert page.locator("#story li", has_text="we called").count() >= 3
    expect(page.get_by_text("we call the next person, until somebody comes")).to_be_visible()
    axe(page)
    sign_in(other, "mara")
    other.goto("/notices/")
    expect(other.get_by_text("nobody has answered yet. Choose who goes.").first).to_be_visible()
    expect(other.locator("main")).not_to_contain_text("Noor")
