"""The page of a group's members, for staff; and what a client reads of their own time in a group (B6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Stay, User
from accounts.models.user_queries import UserQuerySet
from groups import expecting
from groups.models import Admission, Group, JoinRequest, Membership, Session

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    membership: Membership
    missing: list[Session]  # on which they have no place


@dataclass(frozen=True)
class MemberList:
    """Names of those whom the reader may see in this group, and how many others there are."""

    rows: list[Row]
    requests: list[JoinRequest]
    members: int
    asking: int

    @property
    def others(self) -> int:
        return self.members - len(self.rows)

    @property
    def others_asking(self) -> int:
        return self.asking - len(self.requests)

    @property
    def without_place(self) -> int:
        return sum(bool(row.missing) for row in self.rows)


def compose(group: Group, reader: User, now: datetime) -> MemberList:
    """As many queries for one member as for many."""
    today = timezone.localdate(now)
    if group.admission == Admission.MANDATORY:
        return expected_in(group, reader, now)
    standing = Membership.objects.filter(group=group).from_then_on(today)
    open_requests = JoinRequest.objects.open().filter(group=group)
    mine = standing.visible_to(reader).select_related("client")
    members = list(mine.order_by("client__chosen_name", "starts_on", "pk"))
    missing = expecting.without_place(group, members, now) if members else {}
    return MemberList(
        rows=[Row(row, missing.get(row.client_id, [])) for row in members],
        requests=list(open_requests.visible_to(reader).select_related("client").order_by("asked_at", "pk")),
        members=standing.count(),
        asking=open_requests.count(),
    )


def expected_in(group: Group, reader: User, now: datetime) -> MemberList:
    """Where everybody comes: those who have no place on one of the next sessions."""
    today = timezone.localdate(now)
    stays = Stay.objects.current(today).filter(client__in=User.objects.in_house(today))
    named = stays.filter(client__in=people_for(group, reader, now)).select_related("client")
    time_here = [
        Membership(
            client=stay.client,
            starts_on=stay.admitted_on,
            ends_on=stay.discharged_on - ONE_DAY if stay.discharged_on else None,
        )
        for stay in named.order_by("client__chosen_name", "pk")
    ]
    missing = expecting.without_place(group, time_here, now)
    rows = [Row(one, missing[one.client_id]) for one in time_here if missing.get(one.client_id)]
    return MemberList(rows=rows, requests=[], members=stays.count(), asking=0)


def people_for(group: Group, reader: User, now: datetime) -> UserQuerySet:
    """Whom this clinician sees to in this group: everybody here for who leads it, else their own clients."""
    here = User.objects.listed_for(reader, timezone.localdate(now))
    if not reader.is_clinician:
        return here.none()
    return here if group.is_led_by(reader) else here.filter(pk__in=User.objects.cared_for_by(reader))


def candidates(group: Group, reader: User, now: datetime) -> UserQuerySet:
    """Who could be added now."""
    standing = Membership.objects.filter(group=group).from_then_on(timezone.localdate(now))
    found = people_for(group, reader, now).exclude(pk__in=standing.values("client"))
    return found.order_by("chosen_name", "pk")


def own_part(group: Group, client: User, now: datetime) -> dict[str, Any]:
    """Where a client stands with a closed group: a member, asking, or neither."""
    if group.admission == Admission.OPEN or not client.is_client:
        return {}
    agreed = group.is_agreed_by(client)
    if group.admission == Admission.MANDATORY:
        return {"needs_promise": not agreed}
    mine = Membership.objects.visible_to(client).filter(group=group, client=client)
    asked = JoinRequest.objects.visible_to(client).filter(group=group, client=client).order_by("-asked_at")
    membership = mine.from_then_on(timezone.localdate(now)).order_by("starts_on").first()
    last = asked.first()
    return {
        "membership": membership,
        "asked": last if last and not last.answer else None,
        "was_not_now": bool(last and last.answer == JoinRequest.Answer.NOT_NOW and not membership),
        "needs_agreement": not membership and not agreed,
        "needs_promise": membership is not None and not agreed,
    }
