"""What a page is to a reader beside its words: it stands still, is light, asks nobody else, and prints well.

That axe finds nothing on it is in test_pages.py, that it is valid HTML in tests/faq/test_valid_html.py.
"""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.product import Product

MOST_BYTES = 150_000  # of an article with a picture, all that goes over the wire
SLOW = 0.3  # seconds, of a font or a picture on a poor line
WITH_A_PICTURE = """
from io import BytesIO
from django.utils import timezone
from PIL import Image
from accounts.models import User
from faq.models import Article, Picture, Topic
from faq.pictures import encode
from tests.library import put_out
eli, now, file = User.objects.get(username="eli"), timezone.now(), BytesIO()
Image.linear_gradient("L").resize((1600, 900)).convert("RGB").save(file, "JPEG")
picture, _new = Picture.objects.add(encode(file, file.tell()), alt="Water", credit="", by=eli, now=now)
image = f'<img src="/pictures/{picture.pk}.webp" alt="Water">'
figure = f"<figure>{image}<figcaption>Still.</figcaption></figure>"
words = "<p>" + "Somebody sits down beside you and listens. " * 20 + "</p>"
piece = Article(title="Still water", slug="still-water", topic=Topic.objects.first(), summary="It is quiet.")
piece.body = f"{figure}<h2>One</h2>{words * 5}<h2>Two</h2>{words * 5}<p>The last words.</p>"
piece.sources = "A book, 1992."
piece.write(by=eli, now=now, seen=0)
put_out(piece, eli, now)
"""
WATCH = """
window.shifts = []
new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts.push(
  [entry.value, entry.sources.map(({node}) => node?.outerHTML?.slice(0, 80))]
))).observe({type: 'layout-shift', buffered: true})
"""
PUBLIC = [
    *("/", "/about/", "/families/", "/privacy/", "/help/", "/articles/", "/questions/"),
    *("/search/?q=group", "/articles/still-water/"),
]


@pytest.fixture(scope="module")
def article(product: Product) -> str:
    product.manage("shell", "-v", "0", "-c", WITH_A_PICTURE)
    return "/articles/still-water/"


@pytest.fixture
def poor_line(context: BrowserContext) -> Iterator[BrowserContext]:
    """Fonts and pictures come after everything else."""

    def later(route: Route) -> None:
        time.sleep(SLOW)
        route.continue_()

    context.add_init_script(WATCH)
    context.route("**/*.woff2", later)
    context.route("**/pictures/*", later)
    yield context
    context.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_while_fonts_and_pictures_come(
    poor_line: BrowserContext, article: str, width: int
) -> None:
    page = poor_line.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    for path in PUBLIC:
        page.goto(path, wait_until="networkidle" if path == article else "load")
        page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame)).then(() => 0)")
        page.wait_for_timeout(100)
        assert page.evaluate("shifts") == [], f"{path} at {width} px"
    unsized = (
        "images => images.filter(one => !one.hasAttribute('width') || !one.hasAttribute('height')).length"
    )
    assert page.locator("main img").count() == 1
    assert page.locator("img").evaluate_all(unsized) == 0
    assert poor_line.cookies() == []


@pytest.mark.parametrize(("width", "ratio"), [(390, 3), (1280, 1)])
def test_an_article_with_a_picture_is_light(
    browser: Browser, article: str, base_url: str, width: int, ratio: int, record_property
) -> None:
    """On a first visit, with all that the page fetches for itself, as the server of an operator sends it."""
    with browser.new_context(
        base_url=base_url, viewport={"width": width, "height": 844}, device_scale_factor=ratio
    ) as context:
        page = context.new_page()
        sent: dict[str, float] = {}
        addresses: dict[str, str] = {}
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on(
            "Network.requestWillBeSent",
            lambda one: addresses.update({one["requestId"]: one["request"]["url"]}),
        )
        wire.on(
            "Network.loadingFinished", lambda one: sent.update({one["requestId"]: one["encodedDataLength"]})
        )
        page.goto(article, wait_until="networkidle")
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_load_state("networkidle")
        assert all(address.startswith((base_url, "data:")) for address in addresses.values())
        assert any("/pictures/" in address for address in addresses.values())
        weights = {addresses[key].removeprefix(base_url): int(size) for key, size in sent.items()}
        record_property("figures", f"Article with a picture at {width} px: {sum(weights.values()):,} bytes")
        assert sum(weights.values()) < MOST_BYTES, sorted(weights.items(), key=lambda pair: -pair[1])
        assert context.cookies() == []


def test_an_article_on_paper_is_the_text_alone(page: Page, article: str) -> None:
    page.goto(article)
    page.emulate_media(media="print")
    for part in ("header.masthead", "footer", "nav", "a.skip", ".exits", "main form", "main button"):
        for found in page.locator(part).all():
            assert not found.is_visible(), part
    for words in ("Still water", "It is quiet.", "The last words.", "A book, 1992."):
        assert page.locator("main").get_by_text(words).first.is_visible(), words
    assert page.locator("main img").is_visible()
    clipped = "texts => texts.filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert page.locator("main article .body").evaluate_all(clipped) == 0
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF-")
    assert 2 <= paper.count(b"/Type /Page\n") <= 4
