"""What moving a session would do, said before anything is written (T8, C1 to C5)."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from accounts.models import User
from groups import clashes, recurrence
from groups.clashes import Taken, in_few_lines
from groups.models import Booking, Room, Session
from groups.models.moving import Move


class MovePreview:
    def __init__(self, session: Session, to: Move, *, reader: User, now: datetime) -> None:
        self.session, self.to, self.reader, self.now = session, to, reader, now
        self.target = session.moved(to)

    @property
    def is_over(self) -> bool:
        return self.target.starts_at <= self.now

    @property
    def changes(self) -> bool:
        return not self.session._stands_at(self.to) or self.target.room_id != self.session.room_id

    @cached_property
    def taken(self) -> list[Taken]:
        return in_few_lines(clashes.find([self.target], self.to.leads))

    @cached_property
    def free_rooms(self) -> list[Room]:
        """Offered where the room is taken (C4)."""
        wants_room = any(isinstance(who, Room) for line in self.taken for who in line.who)
        return clashes.free_rooms([self.target]) if wants_room else []

    @cached_property
    def costs(self) -> int:
        return self.session.whom_it_costs(self.to).count()

    @cached_property
    def losing(self) -> list[User]:
        """By name only those in the reader's care: of others nobody learns here where they are then."""
        lost = self.session.whom_it_costs(self.to).values("pk")
        seen = Booking.objects.visible_to(self.reader).filter(pk__in=lost)
        mine = seen.filter(client__in=User.objects.cared_for_by(self.reader)).select_related("client")
        return [row.client for row in mine.order_by("client__chosen_name", "pk")]

    @property
    def unnamed(self) -> int:
        return self.costs - len(self.losing)

    @cached_property
    def too_many(self) -> int:
        """How many are in, where the room has places for fewer. Nobody loses theirs by that (C5)."""
        staying = self.session.bookings.taking_a_place().count() - self.costs
        return staying if staying > self.target.capacity else 0

    @property
    def skips_hour(self) -> bool:
        """The clocks skip that hour on that day (T3)."""
        return not recurrence.exists(self.to.day, self.to.at, self.session.zone)
