"""T11: what signing in costs beside its hash, what it does to everybody else, and whether it tells a secret.

`python -m benchmarks.sign_in` fills the database of the environment and prints somebody's cookie.
"""

import http.client
import os
import re
import secrets
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from accounts.sign_in.hashers import BoundedArgon2PasswordHasher
from benchmarks.figures import Figure
from benchmarks.load import Page
from benchmarks.servers import empty, last_line

PASSWORD = "maple kettle harbor seven"
EACH = 30  # tries of each kind, and people of each kind to try
SECONDS = 4
READERS, SIGNING_IN = 2, 4
A_HASH_AND, MOST_TIMES_IDLE, APART = 15, 10, 10  # milliseconds, ratio, per cent
LOGIN, FORGOTTEN = "/accounts/login/", "/accounts/password/reset/"
ADDRESSES = count()


class Visitor:
    """One browser that sends forms. Limits count by address, so each visitor has one of their own."""

    def __init__(self, port: int, path: str) -> None:
        number = next(ADDRESSES)
        self.path = path
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=60, source_address=(f"127.1.{number // 250}.{number % 250 + 1}", 0)
        )
        self.connection.request("GET", path)
        page = self.connection.getresponse()
        self.cookie = str(page.headers["Set-Cookie"]).partition(";")[0]
        found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
        self.token = found[1] if found else ""

    def send(self, expects: int, **form: str) -> float:
        """Milliseconds until the whole answer was read."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **form})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        start = time.perf_counter()
        self.connection.request("POST", self.path, body, headers)
        answer = self.connection.getresponse()
        answer.read()
        taken = (time.perf_counter() - start) * 1000
        self.connection.close()
        if answer.status != expects:
            raise SystemExit(f"{self.path} answered {answer.status}, not {expects}")
        return taken


def fill() -> str:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_site.settings")
    django.setup()
    from django.contrib.auth.hashers import make_password
    from django.test import Client

    from accounts.models import User
    from accounts.roles import Role

    encoded = make_password(PASSWORD)
    people = [
        ("sam", True),
        *((f"known{n}", True) for n in range(EACH)),
        *((f"closed{n}", False) for n in range(EACH)),
    ]
    User.objects.bulk_create(
        User(
            username=name,
            chosen_name=name,
            role=Role.CLIENT,
            email=f"{name}@people.example",
            password=encoded,
            is_active=is_open,
        )
        for name, is_open in people
    )
    browser = Client(headers={"host": "localhost"})
    browser.force_login(User.objects.get(username="sam"))
    return f"sessionid={browser.cookies['sessionid'].value}"


def hash_once() -> float:
    start = time.perf_counter()
    BoundedArgon2PasswordHasher().encode(PASSWORD, "saltsaltsalt")
    return (time.perf_counter() - start) * 1000


def beside_the_hash(port: int) -> Figure:
    """In turns, so that both meet the same machine."""
    hashes, signing_in = [], []
    for turn in range(EACH):
        hashes.append(hash_once())
        signing_in.append(Visitor(port, LOGIN).send(302, login=f"known{turn}", password=PASSWORD))
    hashed, signed_in = statistics.median(hashes), statistics.median(signing_in)
    note = f"{signed_in:.0f} ms, its hash {hashed:.0f} ms"
    return Figure("T11", "signing in, beside its hash", signed_in - hashed, "ms", A_HASH_AND, note=note)


def beside_the_others(port: int, process: int, cookie: str) -> Figure:
    today = Page("Today", port, process, "/today/", {"Cookie": cookie})
    today.warm()
    idle = slowest(today)
    stop = threading.Event()
    crowd = [threading.Thread(target=sign_in_until, args=(stop, port)) for _ in range(SIGNING_IN)]
    for thread in crowd:
        thread.start()
    busy = slowest(today)
    stop.set()
    for thread in crowd:
        thread.join()
    note = f"{busy:.0f} ms under {SIGNING_IN} endless sign-ins, idle {idle:.0f} ms"
    return Figure("T11", "Today's p99", busy / idle, "of idle", MOST_TIMES_IDLE, note=note)


def sign_in_until(stop: threading.Event, port: int) -> None:
    for turn in count():
        if stop.is_set():
            return
        Visitor(port, LOGIN).send(302, login=f"known{turn % EACH}", password=PASSWORD)


def slowest(page: Page) -> float:
    """The time, in milliseconds, that one of a hundred answers passes."""
    return statistics.quantiles(page.load(READERS, SECONDS), n=100)[98] * 1000


def tells_nothing(what: str, path: str, send: Callable[[Visitor, str], float], port: int) -> Figure:
    """Names that somebody has, that nobody has, and of closed accounts, in turns: the medians lie close."""
    times: dict[str, list[float]] = {"known": [], "unknown": [], "closed": []}
    for number in range(EACH):
        for kind, found in times.items():
            name = f"{kind}{number}" if kind != "unknown" else f"name{secrets.token_hex(4)}"
            found.append(send(Visitor(port, path), name))
    known, unknown, closed = (statistics.median(found) for found in times.values())
    apart = max(abs(other / known - 1) for other in (unknown, closed))
    note = f"known {known:.0f} ms, unknown {unknown / known:.2f} of it, closed {closed / known:.2f}"
    return Figure("T11", f"{what}: names apart", apart * 100, "%", APART, exact=True, note=note)


def measure(folder: Path) -> Iterator[Figure]:
    with empty(folder, 9, served=True) as product:
        cookie = last_line("benchmarks.sign_in", **product.environment)
        process, port = product.serve().pid, product.port
        yield beside_the_hash(port)
        yield beside_the_others(port, process, cookie)
        yield tells_nothing("wrong password", LOGIN, wrong_password, port)
        yield tells_nothing("password forgotten", FORGOTTEN, forgotten, port)


def wrong_password(visitor: Visitor, name: str) -> float:
    return visitor.send(422, login=name, password="a wrong password")


def forgotten(visitor: Visitor, name: str) -> float:
    return visitor.send(302, email=f"{name}@people.example")


if __name__ == "__main__":
    sys.stdout.write(fill())
