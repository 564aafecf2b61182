from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from faq.models.remark import Act, Remark
from faq.models.writing import Stale, State, Writing


class OwnText(Exception):
    """Who wrote a text last cannot be its second reader."""


class NotReady(Exception):
    """The text is in another state than this act needs."""


class Unheard(Exception):
    """Somebody said something about the text after it was read."""


class Reviewing(Writing):
    """What a second person does with a text before the public reads it (F1).

    Every act but `say` takes `seen`, the revision that was on the screen, raises Stale if it is not the one
    that stands now, and does nothing the second time.
    """

    class Meta:
        abstract = True

    def newest_remark(self) -> int:
        """Its number, or 0 before anybody said anything."""
        return Remark.objects.of(self).aggregate(newest=models.Max("pk"))["newest"] or 0

    def say(self, text: str, *, by: Any, now: datetime) -> None:
        Remark.objects.add(self, Act.SAID, by=by, now=now, text=text)

    @transaction.atomic
    def send_to_review(self, *, by: Any, now: datetime, seen: int, text: str = "") -> None:
        stored = self.unchanged(seen)
        if stored.state == State.DRAFT:
            self._move(State.REVIEW, Act.SENT, by=by, now=now, text=text)
        else:
            stored._keep_word(Act.SENT, by, text)

    @transaction.atomic
    def give_back(self, *, by: Any, now: datetime, seen: int, text: str) -> None:
        """With a comment that says what is missing. It is a draft again."""
        stored = self.unchanged(seen)
        if stored.state == State.PUBLISHED:
            stored._keep_word(Act.RETURNED, by, text)
        elif not stored._has_said(Act.RETURNED, by, text):
            self._move(State.DRAFT, Act.RETURNED, by=by, now=now, text=text)

    def _keep_word(self, act: Act, by: Any, text: str) -> None:
        """Nothing for a form that is sent twice. Raises Stale where a word would be lost."""
        if text and not self._has_said(act, by, text):
            raise Stale(self)

    def _has_said(self, act: Act, by: Any, text: str) -> bool:
        said = Remark.objects.of(self).filter(act=act, by=by, text=text, revision=self.revision)
        return said.exists()

    @transaction.atomic
    def approve(self, *, by: Any, now: datetime, seen: int, text: str = "", heard: int | None = None) -> None:
        """Raises OwnText for whoever wrote this revision, and Unheard where another remark than `heard` is
        the newest by now: it may say why not.
        """
        stored = self.unchanged(seen)
        if stored.updated_by_id == by.pk:
            raise OwnText
        if heard is not None and heard != stored.newest_remark():
            raise Unheard
        if stored.state in (State.DRAFT, State.REVIEW):
            self._move(State.APPROVED, Act.APPROVED, by=by, now=now, text=text, approved_by=by)

    @transaction.atomic
    def still_right(self, *, by: Any, now: datetime, again_by: date) -> None:
        """Somebody has checked it against its sources; it is looked at again by `again_by`."""
        rows = type(self).objects.filter(pk=self.pk)
        if rows.exclude(review_by=again_by).update(review_by=again_by):
            Remark.objects.add(self, Act.CHECKED, by=by, now=now)
        self.review_by = again_by

    def _move(
        self, state: State, act: Act, *, by: Any, now: datetime, text: str, approved_by: Any = None
    ) -> None:
        type(self).objects.filter(pk=self.pk).update(state=state, approved_by=approved_by)
        self.state, self.approved_by = state, approved_by
        Remark.objects.add(self, act, by=by, now=now, text=text)
