"""Where texts of the desk stand: how far the text in hand is, and what of it the public reads."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Case, Exists, OuterRef, Q, Value, When

from faq.models import Act, Article, Piece, Question, Release, Remark, State


class Line(NamedTuple):
    """One text in a list of the desk."""

    piece: Piece
    live: Release | None  # what the public reads now
    ahead: Release | None  # what it will read

    @property
    def is_public_as_it_stands(self) -> bool:
        return self.live is not None and self.live.revision == self.piece.revision

    @property
    def has_ended(self) -> bool:
        return self.piece.published_at is not None and not (self.live or self.ahead)


def lines(pieces: Iterable[Piece], now: datetime) -> list[Line]:
    """One query, whatever the number of texts."""
    rows = list(pieces)
    keys = [piece.pk for piece in rows]
    standing = Release.objects.unended(now).filter(Q(article__in=keys) | Q(question__in=keys))
    columns = ("article", "question", "revision", "slug", "public_from", "public_until")
    live: dict[Any, Release] = {}
    ahead: dict[Any, Release] = {}
    for release in standing.only(*columns) if rows else ():
        (live if release.public_from <= now else ahead)[release.piece_id] = release
    return [Line(piece, live.get(piece.pk), ahead.get(piece.pk)) for piece in rows]


class Asking(NamedTuple):
    """A text that asks for somebody, and why: to `read`, come `back` with a comment, or to `check` again. The
    others are unfinished: a `draft`, or `ready` to be published.
    """

    piece: Piece
    why: str

    @property
    def waits(self) -> bool:
        return self.why in ("read", "back", "check")


MOST = 60  # of a kind; the others wait behind them


def unfinished(user: Any, today: date) -> list[Asking]:
    """Each text that is not done: what asks for this person first, the longest unread before the others; then
    what anybody is writing, the last changed first.
    """
    found = list(chain.from_iterable(asking(model, user, today) for model in (Article, Question)))
    asks = sorted((one for one in found if one.waits), key=lambda one: one.piece.updated_at)
    rest = (one for one in found if not one.waits)
    return [*asks, *sorted(rest, key=lambda one: one.piece.updated_at, reverse=True)]


def waiting(user: Any, today: date) -> list[Asking]:
    return [one for one in unfinished(user, today) if one.waits]


def asking(model: type[Piece], user: Any, today: date) -> Iterator[Asking]:
    returned = Remark.objects.filter(
        **{model.kind: OuterRef("pk")}, act=Act.RETURNED, revision=OuterRef("revision")
    )
    to_read = Q(state=State.REVIEW) & ~Q(updated_by=user)
    came_back = Q(Exists(returned), state=State.DRAFT, updated_by=user)
    to_check = Q(review_by__lte=today, published_at__isnull=False)
    going_on = Q(state__in=[State.DRAFT, State.APPROVED])
    why = Case(
        When(to_read, then=Value("read")),
        When(came_back, then=Value("back")),
        When(to_check, then=Value("check")),
        When(state=State.APPROVED, then=Value("ready")),
        default=Value("draft"),
    )
    rows = model.objects.visible_to(user).filter(to_read | came_back | to_check | going_on)
    for piece in rows.for_desk().annotate(why=why).last_changed()[:MOST]:
        yield Asking(piece, piece.why)
