"""Asks a web address whether it answers, without being led into our own network (SSRF).

Editors type these addresses, and whoever holds them may send us on: so each one is resolved here, refused
unless every answer is an address of the open internet, and asked at exactly the address that was looked at.
"""

import socket
import time
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import certifi
from urllib3 import BaseHTTPResponse, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

HTTPS = 443
TIMEOUT = Timeout(connect=5, read=10)  # seconds
MOST_REDIRECTS = 5
PATIENCE = 20  # seconds for one link, however often it sends us on
PERMANENT, TEMPORARY = (301, 308), (302, 303, 307)
NO_HEAD = (403, 404, 405, 501)  # some sites answer so to HEAD alone
# It is there and wants no robots, or somebody who is signed in.
GUARDED = (401, 403, 405, 406, 429)
# Here an IPv4 address stands in the last 32 bits: a gateway (NAT64) would carry us to it.
GATEWAY = IPv6Network("64:ff9b::/96")
HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; link check)", "Accept": "*/*"}


class Refused(Exception):
    """Nothing that we ask: no https, no name, or a way into a network that is not the open one."""


class Answer(NamedTuple):
    status: int | None  # of HTTP; None where nobody answered
    moved: bool = False

    @property
    def is_there(self) -> bool:
        return self.status is not None and (self.status < 300 or self.status in GUARDED)


def ask(url: str) -> Answer:
    moved, given_up = False, time.monotonic() + PATIENCE
    for _turn in range(MOST_REDIRECTS + 1):
        if time.monotonic() > given_up:
            break
        try:
            status, onward = one(url)
        except (Refused, HTTPError, OSError, UnicodeError, ValueError):
            return Answer(None)
        if status not in (*PERMANENT, *TEMPORARY) or not onward:
            return Answer(status, moved)
        moved = moved or status in PERMANENT
        url = urljoin(url, onward)
    return Answer(None)


def one(url: str) -> tuple[int, str]:
    """Status, and where it sends us. Nothing of the page is read."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host or parts.port not in (None, HTTPS) or parts.username:
        raise Refused(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with HTTPSConnectionPool(
        open_address(host),
        HTTPS,
        timeout=TIMEOUT,
        retries=False,
        server_hostname=host,
        assert_hostname=host,
        ca_certs=certifi.where(),
    ) as pool:
        answer = sent(pool, "HEAD", path, host)
        if answer.status in NO_HEAD:
            answer = sent(pool, "GET", path, host)
        return answer.status, answer.headers.get("Location", "")


def sent(pool: HTTPSConnectionPool, method: str, path: str, host: str) -> BaseHTTPResponse:
    answer = pool.urlopen(
        method,
        path,
        headers=HEADERS | {"Host": host},
        redirect=False,
        preload_content=False,
        decode_content=False,
    )
    answer.close()
    return answer


def open_address(host: str) -> str:
    """Raises Refused where any of its addresses lies in a network that is not the open internet."""
    found = [info[4][0] for info in socket.getaddrinfo(host, HTTPS, type=socket.SOCK_STREAM)]
    if not found or not all(is_open(str(address)) for address in found):
        raise Refused(host)
    return str(found[0])


def is_open(address: str) -> bool:
    known = ip_address(address.partition("%")[0])
    inner = getattr(known, "ipv4_mapped", None) or getattr(known, "sixtofour", None)
    if known in GATEWAY:
        inner = IPv4Address(int(known) & 0xFFFFFFFF)
    return known.is_global and not known.is_multicast and (inner is None or is_open(str(inner)))
