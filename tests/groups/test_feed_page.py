"""T10: the page on which a client makes, replaces and ends the address of a calendar."""

from django.utils import timezone

from accounts.models import User
from groups.models import CalendarFeed
from groups.models.feed import address_of


def renew(client: User, *, shows_detail: bool = False) -> str:
    """The path of a new feed."""
    _feed, token = CalendarFeed.objects.renew(client, shows_detail=shows_detail, now=timezone.now())
    return f"/calendar/{token}.ics"


def test_t10_the_page_shows_the_address_once(client_of, client, sam, frozen, settings):
    browser = client_of(sam)
    assert "What it is" in browser.get("/me/calendar/").text
    shown = browser.post("/me/calendar/", {"instead_of": ""})
    address = shown.context["address"]
    assert address in shown.text
    assert address.startswith(settings.SITE_URL)
    assert shown.context["webcal"] == address.replace("http", "webcal", 1)
    assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200
    assert address not in browser.get("/me/calendar/").text
    # The same form once more, as by reloading, must not end what was just made.
    assert browser.post("/me/calendar/", {"instead_of": ""}).status_code == 303
    assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200


def test_t10_the_page_makes_another_and_ends_it(client_of, client, sam, frozen):
    path, browser = renew(sam), client_of(sam)
    standing = CalendarFeed.objects.standing().get()
    browser.post("/me/calendar/", {"instead_of": standing.pk, "shows_detail": "on"})
    assert client.get(path).status_code == 404
    assert CalendarFeed.objects.standing().get().shows_detail
    assert browser.post("/me/calendar/ending/").status_code == 303
    assert CalendarFeed.objects.standing().count() == 0


def test_t10_the_address_is_made_of_the_site_and_the_token(settings):
    settings.SITE_URL = "https://example.org"
    assert address_of("abc") == "https://example.org/calendar/abc.ics"


def test_t10_the_pages_of_a_client_lead_to_it(client_of, sam, ana, frozen):
    browser = client_of(sam)
    assert all('href="/me/calendar/"' in browser.get(path).text for path in ("/me/", "/schedule/week/"))
    assert "/me/calendar/" not in client_of(ana).get("/me/").text
