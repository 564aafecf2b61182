"""The attendance sheet with a hand on it: twelve people by keyboard alone, and a line that fails (B7)."""

import re
from time import monotonic

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Axes, SignIn
from tests.product import Product

# At three in the morning nobody is anywhere else.
A_NIGHT_SESSION = """
from datetime import datetime, time, timedelta
from django.utils import timezone
from accounts.models import User
from groups.models import Booking, Facilitator, Group, Kind, Room, Session
day = timezone.localdate() - timedelta(days=1)
starts_at = timezone.make_aware(datetime.combine(day, time(3)))
group = Group.objects.create(name="Night watch", kind=Kind.CIRCLE, capacity=20)
room = Room.objects.create(name="Night room", capacity=20)
session = Session.plan(group=group, room=room, day=day, starts_at=starts_at, minutes=30)
session.save()
Facilitator.objects.create(session=session, person=User.objects.get(username="dev"))
people = User.objects.in_house(day).order_by("chosen_name")[:12]
Booking.objects.bulk_create(
    Booking(session=session, client=one, state="confirmed", joined_at=starts_at) for one in people
)
print("path", session.get_absolute_url())
"""
MARKS = ["present", "late", "left_early", "excused", "absent"]


@pytest.fixture(scope="module")
def sheet(product: Product) -> str:
    return f"{product.manage('shell', '-c', A_NIGHT_SESSION).split()[-1]}attendance/"


def test_b7_twelve_people_are_marked_by_keyboard_alone(
    page: Page, sheet: str, sign_in: SignIn, axe: Axes
) -> None:
    sign_in(page, "dev")
    page.goto(sheet)
    axe(page)
    began = monotonic()
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('tr[data-client] [type=radio]')"):
            break
    for number in range(12):
        page.keyboard.press(str(1 + number % 5))
        page.keyboard.press("ArrowDown")
    expect(page.locator(".recorded")).to_have_text("12 of 12 recorded")
    page.keyboard.press("0")  # the last one, taken back
    expect(page.locator(".recorded")).to_have_text("11 of 12 recorded")
    assert monotonic() - began < 120
    axe(page)
    page.reload()
    shown = page.locator("tr[data-client]").evaluate_all(
        "rows => rows.map(row => row.querySelector(':checked')?.value ?? '')"
    )
    assert shown == [*[MARKS[number % 5] for number in range(11)], ""]
    page.locator(".changes summary").click()
    expect(page.locator("#changes li")).to_have_count(13)


def test_b7_a_mark_that_fails_is_tried_again_and_never_lost_in_silence(
    page: Page, sheet: str, sign_in: SignIn, no_console_errors: list[str], axe: Axes
) -> None:
    sign_in(page, "dev")
    page.goto(sheet)
    row = page.locator("tr[data-client]").last
    answers = iter([500])  # once an error, then the line is as good as ever

    def line(route: Route) -> None:
        status = next(answers, 0)
        route.fulfill(status=status) if status else route.continue_()

    page.route("**/mark/", line)
    row.locator("[type=radio]").first.focus()
    page.keyboard.press("2")
    expect(row.locator(".state")).to_have_text("Not saved yet, trying again")
    expect(row.locator("[type=radio][value=late]")).to_be_checked()
    axe(page)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.href = '/today/'")
    page.context.set_offline(True)
    page.context.set_offline(False)  # back online, it does not wait any longer
    expect(page.locator(".trouble")).to_contain_text("All marks are saved.")
    assert (asked, page.url.endswith(sheet)) == (["beforeunload"], True)
    expect(row.locator(".state")).to_have_text("Saved")

    # Somebody else marked meanwhile: theirs stands. Then the sign-in is over: what is lost is said.
    row.locator("[type=hidden]").evaluate("hidden => { hidden.value = 'absent'; }")
    page.keyboard.press("1")
    expect(row.locator(".state")).to_contain_text("marked this; it stands")
    expect(row.locator("[type=radio][value=late]")).to_be_checked()
    page.context.clear_cookies(name=re.compile("session"))
    page.keyboard.press("1")
    expect(page.locator(".trouble")).to_contain_text("You are signed out. These marks were not saved.")
    expect(page.locator(".trouble")).to_contain_text(str(row.locator("b").text_content()))
    page.locator(".trouble a").click()
    page.wait_for_url("**/accounts/login/**")
    assert [line for line in no_console_errors if "/mark/" not in line] == []
    no_console_errors.clear()
