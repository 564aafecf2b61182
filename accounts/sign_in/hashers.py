import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher

_one_at_a_time = threading.BoundedSemaphore(1)
WAIT_SECONDS = 10


class Busy(Exception):
    """Too many people are signing in at this moment."""


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """argon2id, one hash at a time per process, so that sign-ins do not starve every other page.

    The figures (t=3, m=64 MiB, p=1) are those of the project's security design, after OWASP.
    Raises Busy when the wait for the turn passes WAIT_SECONDS.
    """

    time_cost = 3
    memory_cost = 65_536
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with turn():
            return super().verify(password, encoded)


@contextmanager
def turn() -> Iterator[None]:
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _one_at_a_time.release()
