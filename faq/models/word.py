from __future__ import annotations

from django.db import connection, models

NEAR = 60  # words that are looked at more closely
LEAST_ALIKE = 0.2  # of pg_trgm: what two words must share of their groups of three letters
PG_NEAR = "SELECT id, word FROM faq_word WHERE word %% %s ORDER BY similarity(word, %s) DESC, word LIMIT %s"
LITE_NEAR = """
SELECT id, word FROM faq_word
JOIN (SELECT rowid, rank FROM faq_spelling WHERE faq_spelling MATCH %s ORDER BY rank LIMIT %s) AS near
ON near.rowid = faq_word.id
"""


class WordQuerySet(models.QuerySet["Word"]):
    def near(self, word: str) -> list[str]:
        """Words that share groups of three letters with this one."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('pg_trgm.similarity_threshold', %s, false)", [f"{LEAST_ALIKE}"]
                )
            return [row.word for row in self.raw(PG_NEAR, [word, word, NEAR])]
        padded = f"  {word} "
        groups = (f'"{padded[at : at + 3]}"' for at in range(len(padded) - 2))
        return [row.word for row in self.raw(LITE_NEAR, [" OR ".join(groups), NEAR])]

    def spelled(self, words: list[str]) -> list[str]:
        return list(self.filter(word__in=words).values_list("word", flat=True))


class Word(models.Model):
    """A word that stands in some release: what a search may have meant. Triggers write it, nobody else."""

    word = models.CharField(max_length=40, unique=True)

    objects = WordQuerySet.as_manager()

    def __str__(self) -> str:
        return self.word
