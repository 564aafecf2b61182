"""A closed group and its members: who is added, and who asks (B6)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from groups import notices
from groups.models.facilitator import Facilitator
from groups.models.join_request import JoinRequest
from groups.models.membership import Membership
from groups.refusals import GroupEnded, NotStaying, NotYet, OpenToAll, Unagreed, YouAreIn

if TYPE_CHECKING:
    from groups.models.group import Group


class Belonging:
    """What makes a client a member of this group, which has members where it is closed."""

    admission: str
    ended_at: datetime | None
    join_requests: models.Manager[JoinRequest]
    memberships: models.Manager[Membership]

    def add_member(
        self, client: User, *, starts_on: date, ends_on: date | None = None, by: User, now: datetime
    ) -> Membership:
        """From that day on they have a place in each of its sessions. What they asked for is answered by it.

        Raises MemberAlready where they are one on some of these days, NotStaying, NotYet, GroupEnded or
        OpenToAll.
        """
        with transaction.atomic():
            membership = self.admit(client, starts_on=starts_on, ends_on=ends_on, by=by, now=now)
            for asked in JoinRequest.objects.open().filter(group=membership.group_id, client=client):
                asked._take(JoinRequest.Answer.WELCOME, by, now)
        self.expect_members(now)
        return membership

    def admit(
        self, client: User, *, starts_on: date, ends_on: date | None, by: User, now: datetime
    ) -> Membership:
        """The row of a member, and the word to them. Inside a transaction; places come after it."""
        group = cast("Group", self)
        User.objects.hold([client.pk])
        group._refuse_members()
        if not client.stays.current(timezone.localdate(now)).exists():
            raise NotStaying
        if group.too_early_for(client):
            raise NotYet
        membership = Membership(group=group, client=client, starts_on=starts_on, ends_on=ends_on)
        membership.refuse_overlap(until=ends_on)
        membership.added_by, membership.added_at = by, now
        membership.save()
        notices.post_member(membership, now)
        return membership

    def expect_members(self, now: datetime) -> None:
        """Puts the members on the next lists at once; what fails here is made good by the job."""
        from groups import expecting

        expecting.expect_soon(cast("Group", self), now)

    @transaction.atomic
    def ask_to_join(self, *, by: User, now: datetime, agreed: str = "") -> JoinRequest:
        """A client would like to be a member. Asked twice it is one request.

        `agreed` is the version of the agreement that the client read. Raises YouAreIn, NotStaying,
        ComesAfter, Unagreed, GroupEnded or OpenToAll.
        """
        group = cast("Group", self)
        User.objects.hold([by.pk])
        if standing := JoinRequest.objects.open().filter(group=group, client=by).first():
            return standing
        group._refuse_members()
        today = timezone.localdate(now)
        if group.memberships.filter(client=by).from_then_on(today).exists():
            raise YouAreIn
        if not by.stays.current(today).exists():
            raise NotStaying
        if too_early := group.too_early_for(by):
            raise too_early
        if group.agreement and not group.is_agreed_by(by):
            if agreed != str(group.agreement_version):
                raise Unagreed
            group.agree(by=by, now=now)
        request = JoinRequest.objects.create(group=group, client=by, asked_at=now)
        notices.post_request(request, now)
        return request

    def promise(self, *, by: User, now: datetime, agreed: str) -> None:
        """Whoever was put on the lists by others promises what the group does, once they have read it (B6).

        `agreed` is the version that they read. Twice is once. Raises Unagreed.
        """
        group = cast("Group", self)
        if not group.agreement or agreed != str(group.agreement_version):
            raise Unagreed
        group.agree(by=by, now=now)

    def _refuse_members(self) -> None:
        from groups.models.group import Admission

        if self.ended_at:
            raise GroupEnded
        if self.admission != Admission.CLOSED:
            raise OpenToAll

    def is_led_by(self, user: User) -> bool:
        """By somebody who leads one of its series that goes on: they see all its members."""
        running = Facilitator.objects.of_running_series(timezone.localdate())
        leading = running.filter(series__group=cast("Group", self).pk, person=user.pk)
        return user.is_clinician and leading.exists()
