"""What finds a word in a release: on PostgreSQL two GIN indexes, on SQLite a table of FTS5 kept by triggers.

Both hold the words that `searchable` made, unread by any parser of theirs, so that both find the same rows.
SQLite forgets triggers when a migration rebuilds `faq_release`: such a migration calls `install` at its end.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from faq.folding import STEM

PG_VECTOR = """
CREATE OR REPLACE FUNCTION faq_vector(text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN RETURN array_to_tsvector(string_to_array(ltrim($1), ' ')); END $$
"""
# Always by the index: for a word of every text PostgreSQL would make each vector anew, which takes seconds.
PG_FOUND = """
CREATE OR REPLACE FUNCTION faq_in_{column}(text) RETURNS SETOF uuid LANGUAGE sql STABLE
SET enable_seqscan = off SET jit = off AS $$
SELECT id FROM faq_release WHERE faq_vector(search_{column}) @@ $1::tsquery $$
"""
# Words to correct a search with: neither stems nor numbers.
PG_WORDS = """
INSERT INTO faq_word (word)
SELECT DISTINCT each FROM {rows} CROSS JOIN unnest(string_to_array(ltrim(search_text), ' ')) AS each
WHERE length(each) BETWEEN 3 AND 40 AND each !~ '[=0-9_]' ON CONFLICT DO NOTHING
"""
PG_LEARN = f"""
CREATE OR REPLACE FUNCTION faq_learn_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {PG_WORDS.format(rows="(SELECT NEW.search_text) AS new_row")}; RETURN NULL; END $$
"""
PG_INSTALL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    PG_VECTOR,
    *(
        f"CREATE INDEX faq_search_{column} ON faq_release USING gin (faq_vector(search_{column}))"
        for column in ("title", "text")
    ),
    *(PG_FOUND.format(column=column) for column in ("title", "text")),
    "CREATE INDEX faq_word_trigrams ON faq_word USING gin (word gin_trgm_ops)",
    PG_LEARN,
    "CREATE TRIGGER faq_search_words AFTER INSERT OR UPDATE OF search_text ON faq_release"
    " FOR EACH ROW EXECUTE FUNCTION faq_learn_words()",
    PG_WORDS.format(rows="faq_release"),
)
PG_REMOVE = (
    "DROP TRIGGER IF EXISTS faq_search_words ON faq_release",
    "DROP FUNCTION IF EXISTS faq_learn_words()",
    *(f"DROP INDEX IF EXISTS {name}" for name in ("faq_search_title", "faq_search_text")),
    "DROP INDEX IF EXISTS faq_word_trigrams",
    *(f"DROP FUNCTION IF EXISTS faq_{name}(text)" for name in ("in_title", "in_text", "vector")),
)

# A release has no number that stays, so it gets one: FTS5 knows its rows by numbers alone. With it stands
# what puts thousands in order, for a row of a release is long.
IN = """
INSERT INTO faq_search_key (release, title_length, published_at, public_from, public_until)
    VALUES ({row}.id, length({row}.search_title), {row}.published_at, {row}.public_from, {row}.public_until);
INSERT INTO faq_search (rowid, title, text)
    SELECT number, {row}.search_title, {row}.search_text FROM faq_search_key WHERE release = {row}.id;
INSERT INTO faq_word (word) SELECT DISTINCT value
    FROM json_each('["' || replace(ltrim({row}.search_text), ' ', '","') || '"]')
    WHERE length(value) BETWEEN 3 AND 40 AND value NOT GLOB '*[=0-9_]*'
    AND NOT EXISTS (SELECT 1 FROM faq_word WHERE word = value);
"""
OUT = """
INSERT INTO faq_search (faq_search, rowid, title, text)
    SELECT 'delete', number, old.search_title, old.search_text FROM faq_search_key WHERE release = old.id;
DELETE FROM faq_search_key WHERE release = old.id;
"""
# With spaces, as pg_trgm does it: beginnings count more.
SPELL_OUT = """
INSERT INTO faq_spelling (faq_spelling, rowid, word) VALUES ('delete', old.id, '  ' || old.word || ' ');
"""
SPELL_IN = "INSERT INTO faq_spelling (rowid, word) VALUES (new.id, '  ' || new.word || ' ');"
LITE_TRIGGERS = {
    "faq_search_in": f"AFTER INSERT ON faq_release BEGIN {IN.format(row='new')} END",
    "faq_search_out": f"AFTER DELETE ON faq_release BEGIN {OUT} END",
    "faq_search_window": "AFTER UPDATE OF published_at, public_from, public_until ON faq_release"
    " BEGIN UPDATE faq_search_key SET published_at = new.published_at, public_from = new.public_from,"
    " public_until = new.public_until WHERE release = new.id; END",
    "faq_search_again": "AFTER UPDATE OF id, search_title, search_text ON faq_release"
    f" BEGIN {OUT} {IN.format(row='new')} END",
    "faq_spelling_in": f"AFTER INSERT ON faq_word BEGIN {SPELL_IN} END",
    "faq_spelling_out": f"AFTER DELETE ON faq_word BEGIN {SPELL_OUT} END",
    "faq_spelling_again": f"AFTER UPDATE ON faq_word BEGIN {SPELL_OUT} {SPELL_IN} END",
}
LITE_REMOVE = (
    *(f"DROP TRIGGER IF EXISTS {name}" for name in LITE_TRIGGERS),
    *(f"DROP TABLE IF EXISTS {name}" for name in ("faq_search", "faq_search_key", "faq_spelling")),
    "DELETE FROM faq_word",
)
LITE_FITSSTALL = (
    *LITE_REMOVE,
    "CREATE TABLE faq_search_key (number INTEGER PRIMARY KEY, release CHAR(32) NOT NULL UNIQUE,"
    " title_length INTEGER NOT NULL, published_at DATETIME, public_from DATETIME, public_until DATETIME)",
    "CREATE VIRTUAL TABLE faq_search USING fts5"
    """ (title, text, content='', detail=column, prefix='1 2 3', tokenize="ascii tokenchars '_='")""",
    "CREATE VIRTUAL TABLE faq_spelling USING fts5 (word, content='', tokenize='trigram')",
    *(f"CREATE TRIGGER {name} {body}" for name, body in LITE_TRIGGERS.items()),
    "UPDATE faq_release SET search_text = search_text",
)
LITE_FOUND = """
SELECT release FROM faq_search_key WHERE number IN (SELECT rowid FROM faq_search WHERE faq_search MATCH %s)
"""
# Those with all words in the title before those with some, and these before those with none there; among them
# the short titles, which say what they are, and the newest.
LIKELY = """
SELECT {key} FROM {table} WHERE {text} AND public_from <= %s
AND (public_until IS NULL OR public_until > %s)
ORDER BY CASE WHEN {titled} THEN 0 WHEN {partly} THEN 1 ELSE 2 END,
CASE WHEN {partly} THEN {length} ELSE 0 END, published_at DESC, {key} DESC LIMIT %s
"""
PG_TITLE = "id IN (SELECT faq_in_title(%s))"
LITE_FITS = "number IN (SELECT rowid FROM faq_search WHERE faq_search MATCH %s)"
PG_LIKELY = LIKELY.format(
    key="id",
    table="faq_release",
    length="length(search_title)",
    text="id IN (SELECT faq_in_text(%s))",
    titled=PG_TITLE,
    partly=PG_TITLE,
)
LITE_LIKELY = LIKELY.format(
    key="release",
    table="faq_search_key",
    length="title_length",
    text=LITE_FITS,
    titled=LITE_FITS,
    partly=LITE_FITS,
)


def install(*_: Any) -> None:
    """Also again, over what is there."""
    run((*PG_REMOVE, *PG_INSTALL) if connection.vendor == "postgresql" else LITE_FITSSTALL)


def remove(*_: Any) -> None:
    run(PG_REMOVE if connection.vendor == "postgresql" else LITE_REMOVE)


def run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def holds(column: str, expression: str) -> Q:
    """Rows of releases whose title, or whole text, the expression fits."""
    if connection.vendor == "postgresql":
        return Q(pk__in=RawSQL(f"SELECT faq_in_{column}(%s)", [expression]))  # noqa: S611 - our own name
    return Q(pk__in=RawSQL(LITE_FOUND, [f"{column} : ({expression})"]))  # noqa: S611 - a query of ours


def likely(text: str, titled: str, partly: str, now: datetime, most: int) -> RawSQL:
    """The public releases that fit `text`, as far as a database alone can tell which come first."""
    at = connection.ops.adapt_datetimefield_value(now)
    if connection.vendor == "postgresql":
        return RawSQL(PG_LIKELY, [text, at, at, titled, partly, partly, most])  # noqa: S611
    titled, partly = f"title : ({titled})", f"title : ({partly})"
    return RawSQL(LITE_LIKELY, [f"text : ({text})", at, at, titled, partly, partly, most])  # noqa: S611


def term(word: str, root: str) -> str:
    """A word by its beginning, or any of its forms. Folded words hold no sign of either language."""
    if connection.vendor == "postgresql":
        return f"('{word}':* | '{STEM}{root}')"
    return f'("{word}"* OR "{STEM}{root}")'


def whole(word: str) -> str:
    return f"'{word}'" if connection.vendor == "postgresql" else f'"{word}"'


def joined(terms: Iterable[str], *, every: bool) -> str:
    both, either = ("&", "|") if connection.vendor == "postgresql" else ("AND", "OR")
    return f" {both if every else either} ".join(terms)
