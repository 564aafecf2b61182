from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Coalesce

from faq.models.address import Address
from faq.models.edition import Edition
from faq.models.picture import Picture
from faq.models.release import Release
from faq.models.remark import Act, Remark
from faq.models.reviewing import NotReady, Reviewing
from faq.models.text import Text
from faq.models.writing import AddressTaken, State

TEXT = [field.attname for field in Text._meta.fields]


class EndsTooEarly(Exception):
    """The text would be gone before it begins to be public, or is over already."""


class StillOut(Exception):
    """The public reads the text, or will."""


class Publishing(Reviewing):
    """How a text comes before the public, and from it (F1, F2)."""

    class Meta:
        abstract = True

    def beside(self, now: datetime) -> tuple[list[Release], list[Release]]:
        """As `Release.beside`, for a text that is not out yet. One query."""
        public = (
            Release.objects.public(now).annotate(place=Coalesce("question__order", 0)).only(*Release.read)
        )
        found = sorted(self._beside(public), key=lambda row: (row.place, row.title))
        return [row for row in found if row.question_id], [row for row in found if row.article_id]

    def _beside(self, public: models.QuerySet[Release]) -> models.QuerySet[Release]:
        return public.filter(asked=self.pk)

    def standing(self, now: datetime) -> tuple[Release | None, Release | None]:
        """What is public of it, and what is scheduled. One query."""
        out = list(Release.objects.of(self).unended(now))
        live = (release for release in out if release.public_from <= now)
        return next(live, None), next((release for release in out if release.public_from > now), None)

    def live(self, now: datetime) -> Release | None:
        release: Release | None = Release.objects.of(self).public(now).first()
        return release

    def ahead(self, now: datetime) -> Release | None:
        """The release that is scheduled, if there is one."""
        release: Release | None = Release.objects.of(self).scheduled(now).first()
        return release

    @transaction.atomic
    def publish(
        self, *, by: Any, now: datetime, seen: int, at: datetime | None = None, until: datetime | None = None
    ) -> None:
        """Makes public what was read, revision `seen`: now, or from `at` on; for good, or before `until`.

        What was scheduled before is replaced; what is public stays until the new text takes its place. Raises
        Stale if somebody saved since, NotReady until a second person has agreed, EndsTooEarly, and
        AddressTaken where its address was handed over to another text.
        """
        Edition.objects.renew()
        stored = self.unchanged(seen)
        if stored.state not in (State.APPROVED, State.PUBLISHED):
            raise NotReady
        begins = max(at, now) if at else now
        if until and until <= begins:
            raise EndsTooEarly
        releases = Release.objects.of(stored)
        if stored._is_out_so(seen, begins, until, now):
            return
        stored._forget_schedule(now)
        releases.public(now).filter(public_from=begins).delete()
        releases.public(now).give_way(begins)
        first = stored.published_at if stored.published_at and stored.published_at <= now else begins
        stored._release(begins, until, first, by)
        if not Address.objects.keep(stored, begins):
            raise AddressTaken
        type(stored).objects.filter(pk=stored.pk).update(state=State.PUBLISHED, published_at=first)
        Remark.objects.add(stored, Act.SCHEDULED if begins > now else Act.PUBLISHED, by=by, now=now)
        self.refresh_from_db()

    def _is_out_so(self, seen: int, begins: datetime, until: datetime | None, now: datetime) -> bool:
        """Whether this was done before, by a form that is sent twice."""
        last = Release.objects.of(self).unended(now).order_by("public_from").last()
        since = begins if begins > now else None
        return bool(
            last
            and (last.revision, last.public_until) == (seen, until)
            and (last.public_from == since if since else last.public_from <= now)
        )

    def _forget_schedule(self, now: datetime) -> bool:
        """What is public now goes on being so until its own last day."""
        ahead = Release.objects.of(self).scheduled(now).first()
        if ahead is None:
            return False
        begins = ahead.public_from
        ahead.delete()
        Release.objects.of(self).go_on(begins)
        Address.objects.of(self).filter(since__gt=now).delete()
        return True

    def _release(self, begins: datetime, until: datetime | None, first: datetime, by: Any) -> None:
        release = Release(**{name: getattr(self, name) for name in TEXT}, **{self.kind: self})
        release.revision, release.published_by = self.revision, by
        release.public_from, release.public_until, release.published_at = begins, until, first
        release.save(force_insert=True)
        release.pictures.set(Picture.objects.inside(release.body))
        if self.shelf == "articles":
            release.asked.set(self.questions.all())  # type: ignore[attr-defined]
            release.related.set(self.related.all())  # type: ignore[attr-defined]

    @transaction.atomic
    def end(self, *, by: Any, now: datetime, until: datetime | None) -> None:
        """Its last moment before the public, or None: no end. Nothing for a text that is not there. Raises
        EndsTooEarly for a moment at which the public has not read it yet.
        """
        Edition.objects.renew()
        self.locked()
        rows = Release.objects.of(self).unended(now).order_by("-public_from")
        last = rows.first()
        if last and until and until <= max(now, last.public_from):
            raise EndsTooEarly
        if last and last.public_until != until:
            rows.filter(pk=last.pk).update(public_until=until)
            Remark.objects.add(self, Act.ENDED, by=by, now=now)

    @transaction.atomic
    def unschedule(self, *, by: Any, now: datetime) -> None:
        """What was scheduled is not published; what is public stays."""
        Edition.objects.renew()
        stored = self.locked()
        if stored._forget_schedule(now):
            self._withdrawn(stored, by, now)

    @transaction.atomic
    def take_back(self, *, by: Any, now: datetime) -> None:
        """Gone from every public page at once, scheduled or public. The text can be published again."""
        Edition.objects.renew()
        stored = self.locked()
        gone = stored._forget_schedule(now)
        public = Release.objects.of(stored).public(now)
        gone = bool(public.filter(public_from=now).delete()[0]) or gone
        if public.update(public_until=now) or gone:
            self._withdrawn(stored, by, now)

    @transaction.atomic
    def put_away(self, *, by: Any, now: datetime, seen: int, text: str = "") -> None:
        """Out of the lists of the desk, but not lost. Raises Stale if somebody saved since, and StillOut for
        a text that is public or scheduled.
        """
        stored = self.unchanged(seen)
        if Release.objects.of(stored).unended(now).exists():
            raise StillOut
        if stored.state != State.AWAY:
            self._move(State.AWAY, Act.PUT_AWAY, by=by, now=now, text=text)
        else:
            stored._keep_word(Act.PUT_AWAY, by, text)

    @transaction.atomic
    def take_up(self, *, by: Any, now: datetime, seen: int, text: str = "") -> None:
        """A draft again."""
        stored = self.unchanged(seen)
        if stored.state == State.AWAY:
            self._move(State.DRAFT, Act.TAKEN_UP, by=by, now=now, text=text)
        else:
            stored._keep_word(Act.TAKEN_UP, by, text)

    def _withdrawn(self, stored: Any, by: Any, now: datetime) -> None:
        rows = type(self).objects.filter(pk=self.pk)
        if not Release.objects.of(stored).unended(now).filter(revision=stored.revision).exists():
            rows.filter(state=State.PUBLISHED).update(state=State.APPROVED)
        rows.filter(published_at__gt=now).update(published_at=None)
        Remark.objects.add(stored, Act.TAKEN_BACK, by=by, now=now)
        self.refresh_from_db()
