"""Loads one page at a time, bounded in time and count, and reads what the server's processes spent on it."""

import http.client
import os
import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 4
SECONDS = 1.5
MOST_REQUESTS = 1500
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass
class Page:
    """One address of one server, with what was measured of it round by round."""

    name: str
    port: int
    process: int
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    expects: int = 200
    cpu_ms: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        """Median over the rounds, milliseconds of the server's processes for one request."""
        return statistics.median(self.cpu_ms)

    @property
    def p50(self) -> float:
        """Median over the rounds of the median time to the whole answer, milliseconds."""
        return statistics.median(self.p50_ms)

    def measure(self) -> None:
        times: list[float] = []
        deadline = time.monotonic() + SECONDS
        before = cpu_seconds(self.process)
        threads = [threading.Thread(target=self.ask, args=(times, deadline)) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        spent = cpu_seconds(self.process) - before
        self.cpu_ms.append(spent / len(times) * 1000)
        self.p50_ms.append(statistics.median(times) * 1000)

    def ask(self, times: list[float], deadline: float) -> None:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
        while time.monotonic() < deadline and len(times) < MOST_REQUESTS:
            times.append(self.one(connection))
        connection.close()

    def one(self, connection: http.client.HTTPConnection) -> float:
        """Seconds until the whole answer was read."""
        start = time.perf_counter()
        connection.request("GET", self.path, headers=self.headers)
        response = connection.getresponse()
        response.read()
        if response.status != self.expects:
            raise SystemExit(f"{self.path} answered {response.status}, not {self.expects}")
        return time.perf_counter() - start

    def warm(self) -> None:
        for _ in range(8):
            connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
            for _ in range(4):
                self.one(connection)
            connection.close()


def cpu_seconds(process: int) -> float:
    """User and system time of a process and all its descendants."""
    stats = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        stats[int(file.parent.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    family = {process}
    for number in sorted(stats):
        if stats[number][0] in family:
            family.add(number)
    return sum(stats[number][1] for number in family if number in stats) / TICKS_PER_SECOND
