"""The main jobs of each role with the keyboard alone, with scripts and without.

Each stop of the Tab key on the way is seen, outlined and covered by nothing.
"""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.soundness import FOCUSED
from tests.product import Product

# Two clients and a group that no other test knows. At four in the morning nobody is anywhere else.
BUILD = """
from datetime import datetime, time, timedelta
from django.utils import timezone
from accounts.models import CareTeamMember, DutyShift, Stay, User
from groups.models import Booking, Facilitator, Group, Kind, Room, Session
now, day = timezone.now(), timezone.localdate()
ana, hours = User.objects.get(username="ana"), timedelta(hours=8)
DutyShift.objects.all().delete()
DutyShift.objects.create(clinician=ana, starts_at=now - hours, ends_at=now + hours)
group = Group.objects.create(name="Reed path", purpose="A walk.", kind=Kind.CIRCLE, capacity=9)
room = Room.objects.create(name="Reed room", capacity=9)
def plan(days):
    at = timezone.make_aware(datetime.combine(day + timedelta(days=days), time(4)))
    session = Session.plan(group=group, room=room, day=at.date(), starts_at=at, minutes=30)
    session.save()
    Facilitator.objects.create(session=session, person=ana)
    return session
ahead, over = plan(2), plan(-1)
for name in ("curlew", "dipper"):
    one = User(username=name, role="client", chosen_name=name.title())
    one.set_password("stillwater-demo")
    one.save()
    Stay.objects.create(client=one, admitted_on=day - timedelta(days=9), bed=f"Reed {name}")
    CareTeamMember.objects.create(client=one, clinician=ana, is_primary=True)
    Booking.objects.create(session=over, client=one, state="confirmed", joined_at=over.starts_at)
    print(name, f"/people/{one.pk}/")
print("ahead", ahead.get_absolute_url())
print("over", over.get_absolute_url())
"""
# Of the choices of one question the Tab key stops at one.
HAS_FOCUS = """one => {
  const has = document.activeElement;
  return one === has || (one.type === "radio" && has.type === "radio" && one.name === has.name);
}"""

WITHOUT_SCRIPTS = pytest.mark.browser_context_args(java_script_enabled=False)
client_of_each_way = pytest.mark.parametrize(
    "client",
    [
        pytest.param("curlew", id="scripts"),
        pytest.param("dipper", id="no-scripts", marks=WITHOUT_SCRIPTS),
    ],
)


@pytest.fixture(scope="module")
def paths(product: Product) -> dict[str, str]:
    said = product.manage("shell", "--verbosity", "0", "--command", BUILD).split()
    return dict(zip(said[::2], said[1::2], strict=True))


class Keys:
    """A hand that has no pointer."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, what: Locator) -> None:
        for _press in range(150):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(FOCUSED)
            assert stop, f"Tab left the page and never came to {what}"
            assert stop["seen"], f"hidden under {stop['over']}: {stop['name']}"
            assert stop["ring"], f"no ring: {stop['name']}"
            if what.evaluate(HAS_FOCUS):
                return
        pytest.fail(f"Tab never came to {what}")

    def press(self, what: Locator, *, stays: bool = False) -> None:
        """And waits for the page that it leads to, unless only a part of this one changes."""
        self.to(what)
        if stays:
            self.page.keyboard.press("Enter")
            return
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, what: Locator) -> None:
        """Arrows lead through the choices of one question."""
        self.to(what)
        for _press in range(9):
            self.page.keyboard.press("Space")
            if what.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"no arrow led to {what}")

    def write(self, what: Locator, text: str) -> None:
        self.to(what)
        self.page.keyboard.type(text)


@pytest.fixture
def keys(page: Page) -> Keys:
    return Keys(page)


def button(page: Page, name: str, *, exact: bool = False) -> Locator:
    return page.locator("main").get_by_role("button", name=name, exact=exact).first


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name).first


@client_of_each_way
def test_a_clients_day(page: Page, keys: Keys, client: str, paths: dict[str, str], sign_in: SignIn) -> None:
    sign_in(page, client)
    page.goto("/check-in/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    keys.press(button(page, "I have read this"))  # K9
    page.goto("/check-in/")
    keys.choose(page.locator("input[name=mood][value='3']"))
    keys.press(button(page, "Send", exact=True), stays=client == "curlew")
    expect(page.get_by_role("heading", name="Thank you for telling us.")).to_be_visible()

    page.goto("/journal/new/?fresh=1")
    keys.write(page.locator("textarea[name=text]"), "The reeds were still.")
    keys.press(button(page, "Keep it", exact=True))
    expect(page.get_by_text("The reeds were still.")).to_be_visible()

    page.goto(paths["ahead"])
    keys.press(button(page, "Join", exact=True), stays=client == "curlew")
    expect(button(page, "Leave this session")).to_be_visible()
    page.goto(paths["ahead"])
    keys.press(button(page, "Leave this session"), stays=client == "curlew")
    expect(button(page, "Join", exact=True)).to_be_visible()

    page.goto("/today/")
    keys.press(link(page, "Leave"))
    page.wait_for_url("**/about/")


@client_of_each_way
def test_a_client_asks_for_help_and_a_clinician_comes(
    page: Page, keys: Keys, client: str, paths: dict[str, str], sign_in: SignIn
) -> None:
    sign_in(page, client)
    keys.press(link(page, "I need someone now"))
    page.wait_for_url("**/someone/")
    keys.press(button(page, "to come"))
    expect(page.get_by_role("heading", name="Nobody has answered yet.")).to_be_visible()
    page.context.clear_cookies()

    sign_in(page, "ana")
    keys.press(button(page, f"I will go to {client.title()}"), stays=client == "curlew")
    expect(button(page, f"I talked to {client.title()}")).to_be_visible()
    page.goto("/today/")
    keys.press(button(page, f"I talked to {client.title()}"), stays=client == "curlew")
    expect(page.get_by_text("Noted. Thank you.")).to_be_visible()

    if client == "dipper":  # with scripts and keys: test_attendance.py
        page.goto(f"{paths['over']}attendance/")
        mark = page.locator("tr", has_text="Dipper").locator("[type=radio]").first
        keys.choose(mark)
        keys.press(page.locator("main form button", has_text="Done").last)
        page.goto(f"{paths['over']}attendance/")
        expect(mark).to_be_checked()


@WITHOUT_SCRIPTS
def test_a_clinician_plans_a_session(page: Page, keys: Keys, paths: dict[str, str], sign_in: SignIn) -> None:
    """With scripts: test_staff.py."""
    sign_in(page, "ana")
    page.goto("/schedule/")
    keys.press(link(page, "Plan sessions"))
    page.wait_for_url("**/schedule/new/**")
    day = datetime.now(UTC).date() + timedelta(days=9)
    keys.write(page.locator("select[name=group]"), "Reed path")
    keys.write(page.locator("select[name=room]"), "Reed room")
    keys.write(page.locator("select[name=often]"), "Just once")
    keys.write(page.locator("input[name=start_date]"), f"{day:%m%d%Y}")
    keys.write(page.locator("input[name=start_time]"), "0400A")
    keys.write(page.locator("input[name=end_time]"), "0430A")
    keys.press(button(page, "Plan sessions"))
    expect(page.locator(".messages")).to_contain_text("planned")


def test_an_editor_writes_and_asks_for_a_reader(page: Page, keys: Keys, sign_in: SignIn) -> None:
    """Also through the field of rich text, which lets the Tab key go. Without scripts: test_staff.py."""
    sign_in(page, "eli")
    page.goto("/library/")
    keys.press(link(page, "New article"))
    page.wait_for_url("**/articles/new/**")
    keys.write(page.get_by_label("Title"), "Reeds in the wind")
    keys.write(page.get_by_label("Topic"), "First days")
    keys.write(page.get_by_label("Summary"), "They bend, and they stand again.")
    keys.write(page.locator(".ProseMirror"), "They bend.")
    keys.press(button(page, "Keep", exact=True))
    keys.press(button(page, "Ask for a second reader"))
    expect(page.locator("main")).to_contain_text("second reader")
    expect(button(page, "Ask for a second reader")).to_have_count(0)


@WITHOUT_SCRIPTS
def test_a_manager_invites_and_lets_go(
    page: Page, keys: Keys, paths: dict[str, str], sign_in: SignIn
) -> None:
    """With scripts: test_whole_life.py."""
    sign_in(page, "mara")
    page.goto("/people/invite/")
    keys.choose(page.get_by_label("Client", exact=True))
    keys.write(page.get_by_label("What to call them in the list below"), "Comes with the tide")
    keys.choose(page.get_by_label("Print a card"))
    keys.press(button(page, "Make the invitation"))
    expect(page.locator(".paper-card code")).to_be_visible()

    page.goto(f"{paths['dipper']}discharge/")
    keys.press(button(page, "End the stay"))
    expect(page.get_by_role("heading", name="The stay has ended")).to_be_visible()
