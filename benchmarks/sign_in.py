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
from collections.abc import Callable
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from accounts.sign_in.hashers import BoundedArgon2PasswordHasher
from benchmarks.load import Page
from tests.product import Product, own_database

PASSWORD = "maple kettle harbor seven"
EACH = 30  # tries of each kind, and people of each kind to try
SECONDS = 4
READERS, SIGNING_IN = 2, 4
A_HASH_AND, MOST_TIMES_IDLE, APART = 15, 10, 0.10  # milliseconds, ratio, ratio
SLACK = 1.25
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


def beside_the_hash(port: int) -> bool:
    """In turns, so that both meet the same machine."""
    hashes, signing_in = [], []
    for turn in range(EACH):
        hashes.append(hash_once())
        signing_in.append(Visitor(port, LOGIN).send(302, login=f"known{turn}", password=PASSWORD))
    hashed, signed_in = statistics.median(hashes), statistics.median(signing_in)
    fine = signed_in - hashed <= A_HASH_AND * SLACK
    figures = f"{signed_in:8.1f} ms, its hash {hashed:.1f} ms"
    print(f"  T11 sign-in         {figures:34} ≤ hash + {A_HASH_AND} ms  {verdict(fine)}")
    return fine


def beside_the_others(port: int, process: int, cookie: str) -> bool:
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
    fine = busy / idle <= MOST_TIMES_IDLE * SLACK
    figures = f"{busy:8.1f} ms, idle {idle:.1f} ms: {busy / idle:.1f}"
    print(f"  T11 Today's p99     {figures:34} ≤ {MOST_TIMES_IDLE} of idle    {verdict(fine)}")
    return fine


def sign_in_until(stop: threading.Event, port: int) -> None:
    for turn in count():
        if stop.is_set():
            return
        Visitor(port, LOGIN).send(302, login=f"known{turn % EACH}", password=PASSWORD)


def slowest(page: Page) -> float:
    """The time, in milliseconds, that one of a hundred answers passes."""
    times: list[float] = []
    deadline = time.monotonic() + SECONDS
    readers = [threading.Thread(target=page.ask, args=(times, deadline)) for _ in range(READERS)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()
    return statistics.quantiles(times, n=100)[98] * 1000


def tells_nothing(what: str, path: str, send: Callable[[Visitor, str], float], port: int) -> bool:
    """Names that somebody has, that nobody has, and of closed accounts, in turns: the medians lie close."""
    times: dict[str, list[float]] = {"known": [], "unknown": [], "closed": []}
    for number in range(EACH):
        for kind, found in times.items():
            name = f"{kind}{number}" if kind != "unknown" else f"name{secrets.token_hex(4)}"
            found.append(send(Visitor(port, path), name))
    known, unknown, closed = (statistics.median(found) for found in times.values())
    fine = all(abs(other / known - 1) <= APART for other in (unknown, closed))
    figures = f"{known:8.1f} ms, unknown {unknown / known:.2f}, closed {closed / known:.2f}"
    print(f"  T11 {what:15} {figures:34} within {APART:.0%}     {verdict(fine)}")
    return fine


def verdict(fine: bool) -> str:
    return "" if fine else "missed"


def measure(folder: Path, number: int, fill_it: Callable[[Product], str]) -> bool:
    with own_database(number) as database_url:
        product = Product(folder, database_url, "")
        try:
            product.prepare(with_demo=False)
            cookie = fill_it(product)
            process, port = product.serve().pid, product.port
            print("\n      signing in")
            return all(
                [
                    beside_the_hash(port),
                    beside_the_others(port, process, cookie),
                    tells_nothing("wrong password", LOGIN, wrong_password, port),
                    tells_nothing("forgotten it", FORGOTTEN, forgotten, port),
                ]
            )
        finally:
            product.stop()


def wrong_password(visitor: Visitor, name: str) -> float:
    return visitor.send(200, login=name, password="a wrong password")


def forgotten(visitor: Visitor, name: str) -> float:
    return visitor.send(302, email=f"{name}@people.example")


if __name__ == "__main__":
    sys.stdout.write(fill())
