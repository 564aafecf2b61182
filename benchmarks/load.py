"""Loads one page at a time, bounded in time and count, and reads what the server's processes spent on it."""

import asyncio
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 4
SECONDS = 1.2
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

    @property
    def request(self) -> bytes:
        lines = [f"GET {self.path} HTTP/1.1", f"Host: localhost:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode()

    def measure(self) -> None:
        before = cpu_seconds(self.process)
        times = self.load(CONNECTIONS, SECONDS, most=MOST_REQUESTS)
        spent = cpu_seconds(self.process) - before
        self.cpu_ms.append(spent / len(times) * 1000)
        self.p50_ms.append(statistics.median(times) * 1000)

    def warm(self) -> None:
        """On many connections, so that both workers get to know it."""
        self.load(8, SECONDS, most=40)

    def load(self, connections: int, seconds: float, *, most: int = 10**6, pause: float = 0.0) -> list[float]:
        """Seconds to the whole answer of each request. With a pause each connection is somebody who reads so
        long between two pages."""
        return asyncio.run(self.crowd(connections, seconds, most, pause))

    async def crowd(self, connections: int, seconds: float, most: int, pause: float) -> list[float]:
        times: list[float] = []
        begin = time.monotonic()
        readers = (
            self.reader(times, begin + pause * number / connections, begin + seconds, most, pause)
            for number in range(connections)
        )
        await asyncio.gather(*readers)
        return times

    async def reader(
        self, times: list[float], begin: float, deadline: float, most: int, pause: float
    ) -> None:
        request = self.request
        stream, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            await asyncio.sleep(begin - time.monotonic())
            while time.monotonic() < deadline and len(times) < most:
                start = time.perf_counter()
                writer.write(request)
                await self.answer(stream)
                times.append(time.perf_counter() - start)
                if pause:
                    await asyncio.sleep(pause)
        finally:
            writer.close()

    async def answer(self, stream: asyncio.StreamReader) -> None:
        head = (await stream.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        if status != self.expects:
            raise SystemExit(f"{self.path} answered {status}, not {self.expects}")
        if status != 304:
            length = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
            await stream.readexactly(int(length))


def family(process: int) -> list[tuple[int, list[str]]]:
    """A process and all its descendants, each with the fields of its `stat` behind its name."""
    stats = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            stats[int(file.parent.name)] = file.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
    members = {process}
    for number in sorted(stats):
        if int(stats[number][1]) in members:
            members.add(number)
    return [(number, stats[number]) for number in members if number in stats]


def cpu_seconds(process: int) -> float:
    """User and system time of a process and all its descendants."""
    return sum(int(fields[11]) + int(fields[12]) for _number, fields in family(process)) / TICKS_PER_SECOND


def megabytes(process: int) -> float:
    """Memory of a process and all its descendants; what they share counts once."""
    total = 0
    for number, _fields in family(process):
        lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024
