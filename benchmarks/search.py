"""The search among 10,000 articles and 5,000 questions, against a lookup of one text by its address.

`python -m benchmarks.search 10000` fills the database of the environment with so many articles, half as many
questions, and the texts of the demo program among them. Each written case has to find its text first.
"""

import os
import random
import statistics
import sys
import time as clock
from collections.abc import Callable, Iterator
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from benchmarks.figures import Figure, tell  # noqa: E402
from faq.folding import fold  # noqa: E402
from faq.models import Article, Piece, Question, Release, Topic  # noqa: E402
from faq.models.publishing import TEXT  # noqa: E402
from faq.sanitiser import plain_text  # noqa: E402
from faq.search import find, marking  # noqa: E402
from faq.stemming import stem  # noqa: E402
from recovery_site.demo import faq as demo  # noqa: E402
from tests.search_cases import CASES  # noqa: E402

ROUNDS = 15
AT_MOST_MS = 25
WORDS = 450  # of a text
MADE_UP = 20_000  # words beside those of the demo texts
SYLLABLES = "ba de fi go lu ma ne pi ro su ta ve wi zo ka re mi no sha tre".split()  # noqa: SIM905
COMMON, IN_TITLES = "Tarebalu", "Migorozo"  # in every text; in each twentieth title
ANSWERS = {"addiction", "emergency"}  # one text of the demo says them, and is what a case should find
SEARCHES = {
    "a word of one title": "loneliness",
    "a word of every text": COMMON,
    "a word of many titles": IN_TITLES,
    "two words of every text": f"{COMMON} people",
    "three letters": "tar",
    "one letter": "t",
    "a slip": "lonelyness",
    "two slips": "speek clinicain",
    "nothing": "qqqxyzzy vwvwvw",
}


def fill(articles: int) -> None:
    """Titles are of made-up words, so that each case can have one answer; the texts hold all words."""
    eli = User.objects.create(username="eli", role=Role.EDITOR, chosen_name="Eli")
    mara = User.objects.create(username="mara", role=Role.MANAGER, chosen_name="Mara")
    now = timezone.now()
    demo.seed({"eli": eli, "mara": mara}, now)
    chance = random.Random(15)  # noqa: S311 - words, not secrets
    bodies = Release.objects.values_list("body", flat=True)
    real = sorted({word for body in bodies for word in fold(plain_text(body)).split()} - ANSWERS)
    made = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(MADE_UP)]
    topic = Topic.objects.earliest("name")
    for model, many in ((Article, articles), (Question, articles // 2)):
        for start in range(0, many, 1_000):
            rows = [
                text(model, number, chance, real, made) for number in range(start, min(start + 1_000, many))
            ]
            keep(model, rows, topic, eli, mara, now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def text(model: type[Piece], number: int, chance: random.Random, real: list[str], made: list[str]) -> Piece:
    words = [*chance.choices(real, k=WORDS // 2), *chance.choices(made, k=WORDS // 2), COMMON, "people"]
    chance.shuffle(words)
    title = " ".join([*chance.sample(made, 4), *([IN_TITLES] if number % 20 == 0 else [])]).capitalize()
    piece = model(title=title, slug=f"text-{number}", body=f"<p>{' '.join(words)}.</p>")
    if model is Article:
        piece.summary = " ".join(words[:20])
    return piece


def keep(model: type[Piece], rows: list[Piece], topic: Topic, by: User, reader: User, now: Any) -> None:
    releases = []
    for row in rows:
        row.topic, row.created_by, row.updated_by, row.approved_by = topic, by, by, reader
        row.created_at = row.updated_at = row.published_at = now
        row.state, row.revision = "published", 1
        row.count()
        release = Release(**{name: getattr(row, name) for name in TEXT}, **{model.kind: row})
        release.revision, release.published_by = 1, reader
        release.published_at = release.public_from = now
        releases.append(release)
    with transaction.atomic():
        model.objects.bulk_create(rows)
        Release.objects.bulk_create(releases)


def lookup() -> Any:
    return Release.objects.public(timezone.now()).on("articles").for_readers().filter(slug="text-77").first()


def search(text: str) -> Callable[[], Any]:
    return lambda: find(text, timezone.now())


def p50s(acts: list[Callable[[], Any]]) -> list[float]:
    """Median milliseconds of each, in turns, so that a busy moment of the machine meets them all."""
    times: list[list[float]] = [[] for _act in acts]
    for _round in range(ROUNDS):
        for act, spent in zip(acts, times, strict=True):
            spent.append(measured(act))
    return [statistics.median(spent) for spent in times]


def measured(act: Callable[[], Any]) -> float:
    start = clock.perf_counter()
    act()
    return (clock.perf_counter() - start) * 1000


def cold(act: Callable[[], Any]) -> float:
    """As a process does it first: no connection, and no word known."""
    connection.close()
    for memory in (stem, marking.forms):
        memory.cache_clear()
    return measured(act)


def wrong() -> Iterator[str]:
    for typed, title in CASES.items():
        hits = find(typed, timezone.now()).hits
        if not hits or hits[0].release.title != title:
            yield f"{typed!r} finds {hits[0].release.title if hits else 'nothing'!r}, not {title!r}"


def main(articles: int) -> Iterator[Figure]:
    fill(articles)
    acts = [lookup, *(search(text) for text in SEARCHES.values())]
    firsts = [cold(act) for act in acts]
    least, *took = p50s(acts)
    size = f"{articles:,} articles, {articles // 2:,} questions"
    yield Figure("", f"one text by its address, of {size}", least, "ms", note=f"cold {firsts[0]:.0f} ms")
    for name, first, spent in zip(SEARCHES, firsts[1:], took, strict=True):
        note = f"{spent / least:.1f} of one text by its address, cold {first:.0f} ms"
        yield Figure("", f"search, {name}", spent, "ms", AT_MOST_MS, note=note)
    mistakes = list(wrong())
    yield Figure(
        "",
        f"of {len(CASES)} cases find another text first",
        len(mistakes),
        "",
        0,
        exact=True,
        note="; ".join(mistakes),
    )


if __name__ == "__main__":
    settings.DEBUG = False
    tell(main(int(sys.argv[1])))
