"""A client joins, waits, and takes what is kept for them: by htmx, without scripts, and on a phone."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Axes, SignIn
from tests.product import Product

# A full session in three days, for which one client waits; whoever has the place then leaves it.
BUILD = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import Stay, User
from groups.models import Group, Room, Session
from notifications.models import Preference
now = timezone.now()
people = {name: User.objects.get(username=name) for name in ("sam", "noor")}
for person in people.values():  # offers go out at any hour of the test
    never = {"quiet_from": "00:00", "quiet_until": "00:00"}
    Preference.objects.update_or_create(person=person, defaults=never)
who = User.objects.create(username="linnet", role="client", chosen_name="Linnet")
Stay.objects.create(client=who, admitted_on=timezone.localdate() - timedelta(days=2))
room = Room.objects.create(name="Linnet's room", capacity=1)
early = timezone.localtime(now).replace(hour=3, minute=0, second=0, microsecond=0)  # when nothing else meets
starts_at = early + timedelta(days=3)
for number, name in enumerate(people):
    named = {"name": f"Linnet and {name}", "purpose": "Side by side.", "kind": "circle"}
    group = Group.objects.create(capacity=1, **named)
    starts_at += timedelta(hours=1)
    day = timezone.localtime(starts_at).date()
    session = Session.plan(group=group, room=room, day=day, starts_at=starts_at, minutes=30)
    session.save()
    session.join(by=who, now=now)
    print(f"PAGE {name} {session.get_absolute_url()}")
"""
LEAVE = """
from django.utils import timezone
from groups.models import Booking
for row in Booking.objects.confirmed().filter(client__username="linnet"):
    row.cancel(by=row.client, now=timezone.now())
"""
PHONE = {"width": 390, "height": 844}

with_and_without_scripts = pytest.mark.parametrize(
    "client",
    [
        pytest.param("sam", id="scripts"),
        pytest.param(
            "noor", id="no-scripts", marks=pytest.mark.browser_context_args(java_script_enabled=False)
        ),
    ],
)


@pytest.fixture(scope="module")
def pages(product: Product) -> dict[str, str]:
    """The page of a full session for each of the two clients."""
    said = product.manage("shell", "-v", "0", "-c", BUILD)
    return dict(re.findall(r"PAGE (\w+) (\S+)", said))


@with_and_without_scripts
def test_b4_a_client_waits_leaves_the_line_and_waits_again(
    page: Page, client: str, pages: dict[str, str], sign_in: SignIn, axe: Axes
) -> None:
    sign_in(page, client)
    page.goto(pages[client])
    expect(page.get_by_text("all taken")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Join the waitlist").click()
    expect(page.get_by_text("Waitlist, you are 1st")).to_be_visible()
    expect(page.get_by_text("If a place opens we offer it to you")).to_be_visible()
    if client == "sam":  # with scripts the page stays, so the keyboard and the ear are told where they are
        expect(page.locator("#booking .tag")).to_be_focused()
        expect(page.locator("#messages")).to_contain_text("You wait, 1st in line.")
    axe(page)
    page.get_by_role("button", name="Add me automatically").click()
    expect(page.get_by_role("button", name="Ask me first")).to_be_visible()
    page.get_by_role("button", name="Leave the waitlist").click()
    page.get_by_label("Add me automatically").check()
    page.get_by_role("button", name="Join the waitlist").click()
    expect(page.get_by_role("button", name="Ask me first")).to_be_visible()


@pytest.fixture(scope="module")
def offered_at(product: Product, pages: dict[str, str]) -> datetime:
    """Linnet leaves both: whoever waits there has an offer."""
    product.manage("shell", "-v", "0", "-c", LEAVE)
    return datetime.now().astimezone()


@with_and_without_scripts
def test_b4_an_offer_is_taken_on_a_phone(
    page: Page, client: str, pages: dict[str, str], offered_at: datetime, sign_in: SignIn, axe: Axes
) -> None:
    page.set_viewport_size(PHONE)
    sign_in(page, client)
    offers = page.locator("section[aria-labelledby=offers]")
    axe(page)
    offers.get_by_role("link", name=f"Look and answer Linnet and {client}").click()
    expect(page.get_by_text("we keep this place for you")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    axe(page)
    page.get_by_role("button", name="Take the place").click()
    leave = page.get_by_role("button", name="Leave this session")
    expect(leave).to_be_visible()
    expect(page.locator("#booking .tag")).to_have_text("You're in")
    leave.click()
    expect(page.get_by_role("button", name="Join", exact=True)).to_be_visible()
