"""A person with a browser that knows cookies and forms and nothing else, for tests against a real server."""

import re
import urllib.error
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin


class Forms(HTMLParser):
    """Collects each form of a page: its address and the values it would send untouched."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self.text_area = self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self.forms.append((given.get("action") or "", {}))
        elif self.forms:
            self.field(tag, given)

    def field(self, tag: str, given: dict[str, str | None]) -> None:
        fields = self.forms[-1][1]
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and is_sent(given):
            fields.setdefault(name, []).append(value)
        elif tag == "textarea":
            self.text_area = name
            fields[name] = [""]
        elif tag == "select":
            self.select = name
            fields[name] = []
        elif tag == "option" and self.select and ("selected" in given or not fields[self.select]):
            fields[self.select] = [value]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text_area = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.text_area:
            self.forms[-1][1][self.text_area][0] += data


def is_sent(given: dict[str, str | None]) -> bool:
    kind = given.get("type") or "text"
    if kind in ("checkbox", "radio"):
        return "checked" in given
    return kind not in ("submit", "button", "file")


class Visitor:
    def __init__(self, url: str) -> None:
        self.url = url
        self.status = 0
        self.page = ""
        self.html = ""
        self.addresses: list[str] = []  # that were asked for
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        return self.open(urllib.request.Request(urljoin(self.page or self.url, path)))

    def submit(self, form: str, to: str = "", **values: str) -> str:
        """Sends the form of this page whose address or fields contain `form`, perhaps to another address."""
        for action, fields in Forms(self.html).forms:
            if form in action or form in fields:
                break
        else:
            raise AssertionError(f"No form {form!r} at {self.page}")
        body = urlencode({**fields, **values}, doseq=True).encode()
        headers = {"Origin": self.url, "Referer": self.page}
        address = urljoin(self.page, to or action or self.page)
        return self.open(urllib.request.Request(address, data=body, headers=headers))

    def open(self, request: urllib.request.Request) -> str:
        self.addresses.append(request.full_url)
        try:
            with self.opener.open(request, timeout=30) as response:
                self.status, self.page, self.html = response.status, response.url, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                self.status, self.page, self.html = error.code, error.url, error.read().decode()
        self.addresses.append(self.page)
        return self.html

    def forget(self, cookie: str) -> None:
        """As when the server lets a session go."""
        for found in [one for one in self.cookies if one.name == cookie]:
            self.cookies.clear(found.domain, found.path, found.name)

    def sign_in(self, username: str) -> None:
        self.get("/accounts/login/")
        self.submit("login", login=username, password="stillwater-demo")
        assert "/accounts/login/" not in self.page, re.sub(r"<[^>]+>|\s+", " ", self.html)
