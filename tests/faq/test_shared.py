"""What search engines and other programs read of a public page: nothing that a reader does not see (F1)."""

import re
from html.parser import HTMLParser

import pytest

TAIL = re.compile(r"\s+([.,])")


class Microdata(HTMLParser):
    """Each named property with the words that a reader sees in it; `dates` hold days as a machine does."""

    VOID = {"meta", "link", "input", "br", "hr", "img"}

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[list[str]] = []  # of each open element: its property, or nothing, then its words
        self.types: list[str] = []
        self.found: list[tuple[str, str]] = []
        self.dates: dict[str, str] = {}
        self.hidden: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("itemprop") or ""
        if kind := given.get("itemtype"):
            self.types.append(kind.rpartition("/")[2])
        if name and (tag in self.VOID or "hidden" in given or given.get("class") == "sr"):
            self.hidden.append(name)
        if tag == "time" and name:
            self.dates[name] = given["datetime"]
        if tag not in self.VOID:
            self.open.append([name, ""])

    def handle_data(self, data):
        for element in self.open:
            element[1] += data

    def handle_endtag(self, tag):
        name, words = self.open.pop()
        if name:
            self.found.append((name, TAIL.sub(r"\1", " ".join(words.split()))))


@pytest.fixture
def opened(article, question, client):
    read_next = article("Small acts", for_families=True)
    asked = question("Must I speak?", for_families=True, sources="A book.")
    article(
        "Being heard",
        asked=[asked],
        related=[read_next],
        byline="By the clinical team",
        reviewer="Ana Moss",
        reviewed_on="2026-11-12",
        sources="Herman, J. L. (1992).",
    )
    return lambda path: client.get(path).text


def test_an_article_tells_machines_what_it_tells_readers(opened, time_machine):
    data = Microdata(opened("/articles/being-heard/"))
    assert data.types == ["Article", "Organization", "WebPage", "Person", "FAQPage", "Question", "Answer"]
    assert data.hidden == []
    told = dict(data.found)
    assert told["headline"] == "Being heard"
    assert told["description"] == "About being heard."
    assert told["articleBody"] == "Somebody listens."
    assert told["articleSection"] == "Connection"
    assert told["author"] == "By the clinical team."
    assert told["reviewedBy"] == "Ana Moss"
    assert told["citation"] == "Herman, J. L. (1992)."
    assert told["acceptedAnswer"] == "No. You can listen."
    assert data.dates["lastReviewed"] == "2026-11-12"


@pytest.mark.parametrize("path", ["/questions/", "/questions/must-i-speak/", "/families/"])
def test_questions_are_a_page_of_questions_to_machines_too(opened, path):
    data = Microdata(opened(path))
    assert [kind for kind in data.types if kind in ("FAQPage", "Question", "Answer")] == [
        "FAQPage",
        "Question",
        "Answer",
    ]
    assert data.hidden == []
    assert [words for name, words in data.found if name == "text"] == ["No. You can listen."]


@pytest.mark.parametrize(
    ("path", "kind", "title"),
    [
        ("/articles/being-heard/", "article", "Being heard"),
        ("/questions/must-i-speak/", "article", "Must I speak?"),
        ("/articles/", "website", "Articles"),
        ("/questions/", "website", "Questions"),
        ("/families/", "website", "For families and friends"),
        ("/", "website", "Stillwater"),
    ],
)
def test_a_page_says_its_one_address_and_its_name(opened, settings, path, kind, title):
    head = opened(path).partition("</head>")[0]
    assert f'<link rel="canonical" href="{settings.SITE_URL}{path}">' in head
    assert f'<meta property="og:url" content="{settings.SITE_URL}{path}">' in head
    assert f'<meta property="og:type" content="{kind}">' in head
    assert f'<meta property="og:title" content="{title}">' in head
    assert head.count('name="description"') == head.count('rel="canonical"') == 1


def test_families_find_what_was_written_for_them(opened, article, question):
    article("Not for them")
    question("Nor this?")
    html = opened("/families/")
    assert "Small acts" in html
    assert "Must I speak?" in html
    assert "Not for them" not in html
    assert "Nor this?" not in html


def test_an_article_leads_on_to_what_somebody_chose(opened):
    assert re.search(
        r'Read next</h2>.*href="/articles/small-acts/"', opened("/articles/being-heard/"), re.DOTALL
    )


def test_search_engines_are_kept_from_lists_of_results(client, settings):
    rules = client.get("/robots.txt")
    assert rules.headers["Content-Type"] == "text/plain"
    assert "Disallow: /search/\n" in rules.text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml\n" in rules.text


def test_a_page_that_is_only_read_needs_no_script_but_the_way_out(opened):
    for path in ("/articles/being-heard/", "/questions/", "/articles/", "/families/"):
        assert re.findall(r'<script src="/static/([^"]+)"', opened(path)) == ["js/leave.js"]
    assert "htmx" in opened("/search/")
