from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Self

from django.db import IntegrityError, models, transaction
from django.db.models import F

from faq.folding import LONGEST_WORD, fold

TOLD_FROM = 3  # times: what one person typed once is nobody's business (F3)
FORGOTTEN_AFTER_DAYS = 30
MOST_KEPT = 5_000  # rows, whoever tries to fill the table
MOST_DIGITS = 5  # six may be a date of birth, or part of a phone number
LONGEST = LONGEST_WORD


class MissQuerySet(models.QuerySet["Miss"]):
    def count_one(self, text: str, today: date) -> None:
        """Counts words that found nothing, unless they may tell who somebody is (F3)."""
        words = fold(text).strip()
        digits = len(re.findall(r"\d", words))
        if not words or len(words) > LONGEST or digits > MOST_DIGITS or "@" in text:
            return
        if self._again(words, today) or self.count() >= MOST_KEPT:
            return
        try:
            with transaction.atomic():
                self.create(words=words, count=1, last_on=today)
        except IntegrityError:  # somebody missed the same at the same moment
            self._again(words, today)

    def _again(self, words: str, today: date) -> bool:
        return bool(self.filter(words=words).update(count=F("count") + 1, last_on=today))

    def told(self) -> Self:
        """Those that editors see, the most wanted first."""
        return self.filter(count__gte=TOLD_FROM).order_by("-count", "words")

    def forget(self, today: date) -> None:
        """What few have looked for, and nobody for a month."""
        self.filter(count__lt=TOLD_FROM, last_on__lt=today - timedelta(days=FORGOTTEN_AFTER_DAYS)).delete()


class Miss(models.Model):
    """Words that were searched for and found nothing, and how often."""

    words = models.CharField(max_length=100, unique=True)
    count = models.PositiveIntegerField(default=0)
    last_on = models.DateField()

    objects = MissQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-count"], name="miss_most")]

    def __str__(self) -> str:
        return self.words
