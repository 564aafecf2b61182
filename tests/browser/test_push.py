"""Messages on somebody's own device: the page that turns them on, and the worker that shows one.

The browser's own push service lies outside of this machine. In its place stands a subscription made here.
"""

import base64
import json

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Axes, SignIn, leads_on

SUBSCRIBED = """
const made = {endpoint: "https://fcm.googleapis.com/fcm/send/x", keys: {p256dh: "%s", auth: "%s"}}
PushManager.prototype.subscribe = async (options) => {
  if (!options.userVisibleOnly || options.applicationServerKey.length < 80) throw new Error("no key")
  return {toJSON: () => made}
}
"""
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready
  for (let tries = 0; tries < 50; tries++) {
    const [shown] = await registration.getNotifications()
    if (shown) return [shown.title, shown.body, shown.data.link, (await caches.keys()).length]
    await new Promise((done) => setTimeout(done, 100))
  }
}"""


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def deliver(cdp: CDPSession, page: Page, origin: str, said: dict[str, str]) -> None:
    """As the browser does once its service handed it a message and it was unsealed."""
    registered: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registered.extend(row["registrationId"] for row in event["registrations"]),
    )
    cdp.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_timeout(200)
    known = {"origin": origin, "registrationId": registered[-1]}
    cdp.send("ServiceWorker.deliverPushMessage", {**known, "data": json.dumps(said)})


def test_k5_a_device_is_turned_on_shows_a_message_and_is_forgotten(
    page: Page, base_url: str, sign_in: SignIn, axe: Axes
) -> None:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    page.add_init_script(SUBSCRIBED % (text(raw), text(b"x" * 16)))
    page.context.grant_permissions(["notifications"], origin=base_url)
    sign_in(page, "noor")
    page.goto("/me/reach/")
    axe(page)
    page.get_by_label("This device is mine, and nobody else uses it").check()
    leads_on(page.get_by_role("button", name="Turn on for this device"))
    expect(page.get_by_text("This device", exact=True)).to_be_visible()
    expect(page.get_by_label("On my own device, and here under Notices")).to_be_checked()
    axe(page)

    said = {"title": "You have a message", "link": f"{base_url}/notices/"}
    deliver(page.context.new_cdp_session(page), page, base_url, said)
    assert page.evaluate(SHOWN) == [said["title"], "", said["link"], 0]

    leads_on(page.get_by_role("button", name="Forget this device"))
    expect(page.get_by_label("Here under Notices only")).to_be_checked()
    page.get_by_label("By e-mail, and here under Notices").check()
    leads_on(page.get_by_role("button", name="Keep it"))
