"""Closed groups: somebody asks, and is answered (B6)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.notices.again import post_again
from notifications import kinds
from notifications.models import Notification

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models import JoinRequest, Membership

REQUEST = "groups.request"
MEMBER = "groups.member"
NOT_NOW = "groups.not_now"
MEMBER_UNTIL = "groups.member_until"
LEFT_GROUP = "groups.left_group"


def register() -> None:
    said = {
        REQUEST: (_("Somebody would like to come to a group. See who, and answer."), members_of_request),
        LEFT_GROUP: (_("Somebody left a group. See who is in it now."), members_page),
        MEMBER: (_("You are a member of a group. Its times stand in your week."), group_of_member),
        NOT_NOW: (_("There is an answer to what you asked a group."), group_of_request),
        MEMBER_UNTIL: (_("Your time in a group has a last day. See which."), group_of_member),
    }
    asked_again = {REQUEST: is_open, MEMBER: still_holds}
    for name, (notice, page) in said.items():
        kinds.register(
            kinds.Kind(
                name=name,
                notice=notice,
                page=page,
                wanted=asked_again.get(name, kinds.always),
                for_residents=name in (MEMBER, NOT_NOW, MEMBER_UNTIL),
            )
        )


def group_of(model: Any, notification: Notification) -> Any:
    return model.objects.filter(pk=notification.about).values_list("group", flat=True).first()


def members_of_request(notification: Notification) -> str:
    from groups.models import JoinRequest

    group = group_of(JoinRequest, notification)
    return reverse("groups:member_list", args=[group]) if group else reverse("groups:group_manage")


def members_page(notification: Notification) -> str:
    from groups.models import Membership

    group = group_of(Membership, notification)
    return reverse("groups:member_list", args=[group]) if group else reverse("groups:group_manage")


def group_of_request(notification: Notification) -> str:
    from groups.models import JoinRequest

    group = group_of(JoinRequest, notification)
    return reverse("groups:group_detail", args=[group]) if group else reverse("groups:group_list")


def group_of_member(notification: Notification) -> str:
    from groups.models import Membership

    group = group_of(Membership, notification)
    return reverse("groups:group_detail", args=[group]) if group else reverse("groups:group_list")


def is_open(notification: Notification, now: datetime) -> bool:
    from groups.models import JoinRequest

    return JoinRequest.objects.open().filter(pk=notification.about).exists()


def still_holds(notification: Notification, now: datetime) -> bool:
    from groups.models import Membership

    today = notification.recipient.local_day(now) if notification.recipient else now.date()
    return Membership.objects.from_then_on(today).filter(pk=notification.about).exists()


def message(kind: str, to: User, about: Any, now: datetime) -> dict[str, Any]:
    return {"recipient": to, "kind": kind, "about": about, "due_on": to.local_day(now), "not_before": now}


def in_charge(row: JoinRequest | Membership) -> list[User]:
    """Those who lead the group now; where nobody does, the client's care team."""
    from accounts.models import User
    from groups.models import Facilitator

    running = Facilitator.objects.of_running_series(timezone.localdate()).filter(series__group=row.group_id)
    leading = User.objects.clinicians().active().filter(pk__in=running.values("person"))
    return list(leading) or list(User.objects.clinicians().active().on_care_team_of(row.client))


def post_request(request: JoinRequest, now: datetime) -> None:
    """Once a day for each client and group: who takes it back and asks again is told of in the same line."""
    from groups.models import JoinRequest

    same = JoinRequest.objects.filter(group=request.group_id, client=request.client_id)
    told = Notification.objects.filter(kind=REQUEST, about__in=[row.pk for row in same])
    anew = []
    for one in in_charge(request):
        today = told.filter(recipient=one, due_on=one.local_day(now))
        if not today.update(about=request.pk, shown_at=now, read_at=None):
            anew.append(message(REQUEST, one, request.pk, now))
    Notification.objects.post_shown(now, *anew)


def hide_request(request: JoinRequest) -> None:
    """It was taken back before it was read: nobody has to read it any more."""
    Notification.objects.filter(kind=REQUEST, about=request.pk, read_at=None).update(shown_at=None)


def post_member(membership: Membership, now: datetime) -> None:
    Notification.objects.post_shown(now, message(MEMBER, membership.client, membership.pk, now))


def post_not_now(request: JoinRequest, now: datetime) -> None:
    Notification.objects.post_shown(now, message(NOT_NOW, request.client, request.pk, now))


def post_membership_ends(membership: Membership, by: User, now: datetime) -> None:
    """To the other side: staff hear that somebody left, a client that their time has a last day."""
    to = in_charge(membership) if by.pk == membership.client_id else [membership.client]
    kind = LEFT_GROUP if by.pk == membership.client_id else MEMBER_UNTIL
    post_again([message(kind, one, membership.pk, now) for one in to], now, shown=True)
