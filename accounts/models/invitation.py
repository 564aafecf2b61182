from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import addresses, notices
from accounts.inviting.tokens import hashed, mailed_tokens, new_token
from accounts.models.audit import Act, AuditEvent
from accounts.models.invitation_queries import InvitationQuerySet, invitable_by
from accounts.roles import Role
from accounts.who import MANAGERS, Own, Rule
from notifications.models import Notification

if TYPE_CHECKING:
    from accounts.models.user import User


# For so long an account counts as one hand with whoever invited it: time for the other managers to see it.
NEW_FOR = timedelta(days=7)
WHOEVER_MADE_IT = gettext_lazy("whoever made it")


class InvitationSpent(Exception):
    """Used, expired, revoked or unknown: nobody is told which (A1)."""


class OneHand(Exception):
    """Whoever asked for a card and whoever approves it would be one person in two accounts."""


class SentBefore(Exception):
    """This very form has made its invitation already, and its card was shown."""


class Invitation(models.Model):
    """Lets one person make one account, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(max_length=10, choices=Role)
    token_hash = models.BinaryField(max_length=32, unique=True, null=True)  # None until a card is approved
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="invitations_issued"
    )
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # What staff call the person until there is an account; emptied when it is used.
    label = models.CharField(max_length=60, blank=True)
    client_token = models.UUIDField(unique=True, null=True)
    # A new card for somebody who has an account: asked for by one member of staff, approved by another.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sign_in_cards"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    mail_state: str | None = None  # said by `with_mail`

    objects = InvitationQuerySet.as_manager()
    seen_by = Rule(
        Own("issued_by", "accounts.invite_client", mine=WHOEVER_MADE_IT, theirs=WHOEVER_MADE_IT),
        MANAGERS,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="invitation_for_known_role",
                violation_error_message=gettext_lazy("Choose a role."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("issued_by")),
                name="card_approved_by_another",
                violation_error_message=gettext_lazy("Somebody else has to approve this card."),
            ),
            models.CheckConstraint(
                condition=Q(person=None)
                | ~Q(person=F("issued_by")) & (Q(approved_by=None) | ~Q(person=F("approved_by"))),
                name="no_card_for_oneself",
                violation_error_message=gettext_lazy("Nobody makes a card for themselves."),
            ),
            models.CheckConstraint(
                condition=Q(person=None, approved_by=None, approved_at=None)
                | Q(person__isnull=False, approved_by=None, approved_at=None, token_hash=None, used_at=None)
                | Q(person__isnull=False, approved_by__isnull=False, approved_at__isnull=False),
                name="card_without_approval_opens_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation for a {self.role}"

    def begin(self, token: str, now: datetime) -> Invitation:
        """Saves a new row. Raises PermissionDenied for a role that is not the inviter's to give, or is no
        longer since the request began."""
        self.token_hash, self.issued_at = hashed(token), now
        self.expires_at = now + timedelta(days=settings.INVITATION_DAYS)
        self.client_token = self.client_token or uuid.uuid4()
        with transaction.atomic():
            if self.issued_by and self.role not in invitable_by(self._held_issuer()):
                raise PermissionDenied
            stored = Invitation.objects.bulk_create([self], ignore_conflicts=True)
            if not Invitation.objects.filter(pk=stored[0].pk).exists():
                raise SentBefore
            AuditEvent.objects.record(Act.INVITED, by=self.issued_by, detail=self.role, now=now)
        return self

    @transaction.atomic
    def accept(self, person: User, *, now: datetime) -> None:
        """Saves `person` with the role that was bound here. Raises InvitationSpent when another was first,
        or whoever invited may do so no longer."""
        if self.issued_by_id:
            self._held_issuer()
        mine = Invitation.objects.filter(pk=self.pk)
        if not mine.open(now).for_newcomers().update(used_at=now, label=""):
            raise InvitationSpent
        person.role = self.role
        person.save()
        mine.update(used_by=person)
        AuditEvent.objects.record(Act.INVITATION_USED, by=person, about=person, detail=self.role, now=now)
        if person.is_manager:
            notices.post_manager_joined(person, now)

    @transaction.atomic
    def revoke(self, *, by: User, now: datetime) -> bool:
        """Takes it back, on the next request. False when it was used or over before."""
        waiting = Invitation.objects.unspent(now).filter(pk=self.pk)
        taken = waiting.update(revoked_at=now, revoked_by=by, label="")
        if taken:
            AuditEvent.objects.record(
                Act.INVITATION_REVOKED, by=by, about=self.person, detail=self.role, now=now
            )
        return bool(taken)

    @transaction.atomic
    def approve(self, *, by: User, now: datetime) -> str:
        """The card's token, shown once, to whoever says yes first. Raises InvitationSpent for all others.

        Whoever asked for it never approves it, nor does the person whom it lets in. Raises PermissionDenied
        where the permission went since the request began, OneHand where the two count as one.
        """
        held = get_user_model().objects.held([self.person_id, self.issued_by_id, by.pk])
        if not held[by.pk].has_perm("accounts.issue_card"):
            raise PermissionDenied
        if not held[self.person_id].is_active:
            raise InvitationSpent
        if self.is_one_hand(by, now):
            raise OneHand
        token = new_token()
        waiting = Invitation.objects.cards_waiting(now).filter(pk=self.pk).order_by()
        approved = (
            waiting.exclude(issued_by=by)
            .exclude(person=by)
            .update(
                approved_by=by,
                approved_at=now,
                token_hash=hashed(token),
                expires_at=now + timedelta(minutes=settings.SIGN_IN_CARD_MINUTES),
            )
        )
        if not approved:
            raise InvitationSpent
        AuditEvent.objects.record(Act.CARD_APPROVED, by=by, about=self.person, now=now)
        return token

    @transaction.atomic
    def let_in_again(self, person: User, *, now: datetime) -> None:
        """Saves the new password that `person` carries; every session, second step and e-mail of before ends.

        Raises InvitationSpent when the card was used before, the account has been closed, or whoever asked
        or approved may do so no longer.
        """
        held = get_user_model().objects.held([person.pk, self.issued_by_id, self.approved_by_id])[person.pk]
        mine = Invitation.objects.filter(pk=self.pk, person=person.pk)
        if not held.is_active or not mine.open(now).update(used_at=now, used_by=person.pk):
            raise InvitationSpent
        person.save(update_fields=["password"])
        # Whoever had the account in hand may have put their own address there: it leads to a new password.
        addresses.forget(person, old=held.email, now=now)
        Authenticator.objects.filter(user=person).delete()
        for session in UserSession.objects.filter(user=person):
            session.end()
        # Cards that were made before lead nowhere any more.
        person.sign_in_cards.unspent(now).update(revoked_at=now)
        AuditEvent.objects.record(Act.CARD_USED, by=person, about=person, now=now)
        notices.post_card_used(person, about=self.pk, now=now)

    def _held_issuer(self) -> User:
        """As they are now: nobody takes their role away before this transaction ends."""
        return get_user_model().objects.held([self.issued_by_id])[self.issued_by_id]

    def is_one_hand(self, by: User, now: datetime) -> bool:
        """Whether whoever asked and `by` came through one person lately, or one of them through the other.

        Else a manager who invites a second account for themselves would be two people (A2).
        """
        other = self.issued_by_id
        return other != by.pk and root_of(other, now) == root_of(by.pk, now)

    @property
    def mailed_token(self) -> str | None:
        """The token that its e-mail carries; None where the vault's keys have changed altogether."""
        stored = bytes(self.token_hash or b"")
        return next((token for token in mailed_tokens(self.pk) if hashed(token) == stored), None)

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > now

    @property
    def is_backed(self) -> bool:
        """Whether the person who made it may still do so."""
        return self.issued_by is None or self.role in invitable_by(self.issued_by)

    def words(self, now: datetime, *, names_guest: bool = True) -> str:
        """What has become of it, as staff read it."""
        if self.used_at:
            named = self.used_by if names_guest else None
            return _("used by %(name)s") % {"name": named} if named else _("used")
        if self.revoked_at:
            return _("taken back by %(name)s") % {"name": self.revoked_by}
        if self.expires_at <= now:
            return _("ran out on %(day)s") % {"day": day_of(self.expires_at)}
        if not self.is_backed:
            return _("opens nothing: %(name)s no longer invites people for this") % {"name": self.issued_by}
        if self.mail_state == Notification.State.DEAD:
            return _("the e-mail could not be delivered")
        return _("waiting until %(day)s") % {"day": day_of(self.expires_at)}


def root_of(person_id: uuid.UUID | None, now: datetime) -> uuid.UUID | None:
    """Through whom this account came in lately, and through whom theirs did; else the account itself."""
    came = Invitation.objects.for_newcomers().filter(used_at__gt=now - NEW_FOR, issued_by__isnull=False)
    while by := came.filter(used_by=person_id).values_list("issued_by", flat=True).first():
        person_id = by
    return person_id


def day_of(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "l, j F")
