"""Links of texts: who is asked, who never is, and what editors read of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from faq import asking, links
from faq.asking import Answer, Refused
from faq.models import Link
from tests.library import put_out


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def web(monkeypatch):
    """The web as the worker meets it: an answer for each address, 200 unless said otherwise."""
    answers: dict[str, Answer] = {}
    asked: list[str] = []

    def ask(url: str) -> Answer:
        asked.append(url)
        return answers.get(url, Answer(200))

    monkeypatch.setattr(links, "ask", ask)
    ask.answers, ask.asked = answers, asked
    return ask


def states() -> dict[str, str]:
    return dict(Link.objects.values_list("url", "state"))


BODY = '<p><a href="https://a.example/?b=1&amp;c=2">x</a> <a href="mailto:x@y.example">m</a></p>'


def test_links_of_texts_and_their_sources_are_asked_once_a_night(article, question, web, now):
    article("One", body=BODY, sources="A book.\nA page. https://b.example/page")
    question("Two?", body='<p><a href="https://a.example/?b=1&amp;c=2">x</a></p>', draft=True)
    links.check(now)
    assert sorted(web.asked) == ["https://a.example/?b=1&c=2", "https://b.example/page"]
    links.check(now + timedelta(hours=1))
    assert len(web.asked) == 2
    links.check(now + timedelta(days=1))
    assert len(web.asked) == 4
    assert set(states().values()) == {"fine"}


def test_a_link_is_broken_at_the_third_failure_in_a_row_and_well_at_the_first_answer(article, web, now):
    article("One", body=BODY)
    url = "https://a.example/?b=1&c=2"
    seen = []
    for day, answer in enumerate([Answer(404), Answer(None), Answer(200), *[Answer(500)] * 3, Answer(403)]):
        web.answers[url] = answer
        links.check(now + timedelta(days=day))
        seen.append(states()[url])
    assert seen == ["unknown", "unknown", "fine", "fine", "fine", "broken", "fine"]


def test_a_link_that_holds_the_worker_up_does_not_stop_the_others(article, monkeypatch, now):
    article("One", body=BODY, sources="A page. https://b.example/page")
    asked = []

    def ask(url):
        asked.append(url)
        if len(asked) == 1:
            raise TimeoutError  # the worker's time is over
        return Answer(200)

    monkeypatch.setattr(links, "ask", ask)
    with pytest.raises(TimeoutError):
        links.check(now)
    links.check(now + timedelta(minutes=10))
    assert len(asked) == len(set(asked)) == 2


def test_a_link_that_no_text_holds_any_more_is_forgotten(article, web, now, eli):
    piece = article("One", body=BODY)
    links.check(now)
    piece.body = "<p>Nothing.</p>"
    piece.write(by=eli, now=now, seen=1)
    links.check(now)
    assert len(states()) == 1  # the public reads it still
    put_out(piece, eli, now)
    links.check(now)
    assert states() == {}


def test_links_inside_the_house_are_known_without_asking(article, web, now, eli):
    article("Draft", draft=True)
    moved = article("Old name")
    moved.slug = "new-name"
    moved.write(by=eli, now=now, seen=1)
    put_out(moved, eli, now)
    paths = ["/articles/new-name/#x", "/articles/old-name/", "/articles/draft/", "/help/", "/nowhere/"]
    article("One", body="".join(f'<p><a href="{path}">x</a></p>' for path in paths))
    links.check(now)
    assert [states()[path] for path in paths] == ["fine", "moved", "broken", "fine", "broken"]
    assert web.asked == []


@pytest.mark.parametrize("rows", [1, 30])
def test_editors_read_which_texts_hold_a_broken_link(
    article, client_of, eli, now, django_assert_num_queries, rows
):
    url = "https://a.example/?b=1&c=2"
    for number in range(rows):
        article(f"Text {number}", body=BODY)
    article("Without", body="<p>x</p>")
    Link.objects.create(url=url, state="broken", status=404, failures=3, checked_at=now)
    desk = client_of(eli)
    with django_assert_num_queries(8):  # session, person, links, two kinds, what is public, number, last
        page = desk.get("/library/links/").text
    assert page.count("Text ") == rows
    assert "Without" not in page
    assert "It said 404." in page


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::10.0.0.1",
        "ff02::1",
        "::",
    ],
)
def test_no_address_of_a_network_that_is_not_open_is_asked(address):
    assert not asking.is_open(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_addresses_of_the_open_internet_are(address):
    assert asking.is_open(address)


def test_one_inner_address_among_outer_ones_is_enough_to_refuse(monkeypatch):
    found = [(0, 0, 0, "", (address, 443)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(asking.socket, "getaddrinfo", lambda *_args, **_options: found)
    with pytest.raises(Refused):
        asking.open_address("a.example")


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/",
        "https://a.example:8443/",
        "https://x@a.example/",
        "https:///x",
        "file:///etc/passwd",
        "//a",
    ],
)
def test_only_plain_https_is_asked(monkeypatch, url):
    monkeypatch.setattr(asking, "sent", lambda *_args: pytest.fail("asked"))
    assert asking.ask(url) == Answer(None)


def test_each_step_of_a_redirect_is_looked_at_like_the_first(monkeypatch):
    steps = {
        "https://a.example/": (301, "https://b.example/x"),
        "https://b.example/x": (302, "/y"),
        "https://b.example/y": (200, ""),
        "https://in.example/": (302, "http://10.0.0.1/"),
        "https://round.example/": (302, "https://round.example/"),
    }
    true_one = asking.one
    monkeypatch.setattr(asking, "one", lambda url: steps[url] if url in steps else true_one(url))
    assert asking.ask("https://a.example/") == Answer(200, moved=True)
    assert asking.ask("https://in.example/") == Answer(None)
    assert asking.ask("https://round.example/") == Answer(None)


def test_a_site_that_answers_slowly_and_sends_us_on_is_given_up(monkeypatch):
    clock = iter(range(0, 1000, 15))
    monkeypatch.setattr(asking.time, "monotonic", lambda: next(clock))
    steps = []
    monkeypatch.setattr(asking, "one", lambda url: steps.append(url) or (302, url + "x"))
    assert asking.ask("https://a.example/") == Answer(None)
    assert len(steps) == 1


def test_it_connects_to_the_address_that_was_looked_at_with_the_name_of_the_site(monkeypatch):
    monkeypatch.setattr(asking, "open_address", lambda host: "93.184.215.14")
    seen = []

    def sent(pool, method, path, host):
        seen.append((pool.host, pool.conn_kw["server_hostname"], pool.assert_hostname, method, path, host))
        return type("Answer", (), {"status": 405 if method == "HEAD" else 200, "headers": {}})

    monkeypatch.setattr(asking, "sent", sent)
    assert asking.ask("https://a.example/b?c=d") == Answer(200)
    assert seen == [
        ("93.184.215.14", "a.example", "a.example", method, "/b?c=d", "a.example")
        for method in ("HEAD", "GET")
    ]
