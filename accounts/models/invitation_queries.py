from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists, Q
from django.utils import timezone

from accounts import notices
from accounts.inviting.tokens import hashed, mailed_tokens, new_token
from accounts.models.audit import Act, AuditEvent
from accounts.roles import Role
from accounts.who import holders
from notifications.models import Notification

if TYPE_CHECKING:
    from accounts.models.invitation import Invitation
    from accounts.models.user import User

CARD_WAITS = timedelta(hours=24)  # how long a card that was asked for waits for the second person
CARDS_SHOWN_FOR = timedelta(days=30)  # how long a client reads that a card was made for them


def invitable_by(person: User) -> list[Role]:
    """The roles for which this person may invite somebody."""
    if person.has_perm("accounts.invite_person"):
        return list(Role)
    return [Role.CLIENT] if person.has_perm("accounts.invite_client") else []


def having(permission: str) -> models.QuerySet[User, Any]:
    """Those whose account is open and whose role has this permission, for a subquery."""
    from accounts.models.user import User as Person

    return Person.objects.active().filter(holders(permission)).values("pk")


def guests_known_to(reader: User, rows: Iterable[Invitation], now: datetime) -> set[uuid.UUID]:
    """Of those who came by these invitations, whose names this person may read today (A6)."""
    from accounts.models.user import User as Person

    guests = {row.used_by_id for row in rows if row.used_by_id}
    if reader.is_manager or not guests:
        return guests
    people, today = Person.objects.filter(pk__in=guests), timezone.localdate(now)
    allowed = (Person.objects.visible_to(reader), Person.objects.listed_for(reader, today))
    known = Q(pk__in=allowed[0].values("pk")) | Q(pk__in=allowed[1].values("pk"))
    return set(people.filter(known).values_list("pk", flat=True))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def issue(
        self,
        *,
        role: str,
        by: User | None,
        now: datetime,
        label: str = "",
        client_token: uuid.UUID | None = None,
    ) -> tuple[Invitation, str]:
        """A new invitation and its token, which is shown once and stored only as a hash."""
        token = new_token()
        made = self.model(role=role, issued_by=by, label=label, client_token=client_token)
        return made.begin(token, now), token

    @transaction.atomic
    def mail(
        self,
        address: str,
        *,
        role: str,
        by: User,
        now: datetime,
        label: str = "",
        client_token: uuid.UUID | None = None,
    ) -> Invitation:
        """A new invitation on its way by e-mail. The address is forgotten once the mail went (K5)."""
        made = self.model(role=role, issued_by=by, label=label, client_token=client_token)
        made.begin(mailed_tokens(made.pk)[0], now)
        Notification.objects.post(
            address=address,
            kind=notices.INVITATION,
            about=made.pk,
            due_on=timezone.localdate(now),
            not_before=now,
            not_after=made.expires_at,
        )
        return made

    def unspent(self, now: datetime) -> InvitationQuerySet:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)

    def open(self, now: datetime) -> InvitationQuerySet:
        """What still lets somebody in. It ends with the authority of those who made it, too (A1, A2).

        Subqueries and no joins: an UPDATE of these rows must check each of them anew where two race.
        """
        anybody, client, card = (
            having(f"accounts.{name}") for name in ("invite_person", "invite_client", "issue_card")
        )
        invited = Q(issued_by=None) | Q(issued_by__in=anybody) | Q(role=Role.CLIENT, issued_by__in=client)
        asked = Q(issued_by__in=card) & (Q(approved_by=None) | Q(approved_by__in=card))
        backed = Q(person=None) & invited | Q(person__isnull=False) & asked
        return self.unspent(now).filter(backed)

    def lacks_manager(self, now: datetime) -> bool:
        """Nobody manages the program, and no address that was printed lets anybody begin to."""
        from accounts.models.user import User as Person

        managers = Person.objects.active().filter(role=Role.MANAGER)
        return not managers.exists() and not self.open(now).filter(role=Role.MANAGER).exists()

    def with_token(self, token: str) -> InvitationQuerySet:
        return self.filter(token_hash=hashed(token))

    def for_newcomers(self) -> InvitationQuerySet:
        return self.filter(person=None)

    def visible_to(self, user: User) -> InvitationQuerySet:
        """One's own for whoever may invite clients, all for a manager."""
        return self.model.seen_by.rows(self, user)

    def newest_first(self) -> InvitationQuerySet:
        return self.order_by("-issued_at", "-id")

    def after(self, last: Invitation) -> InvitationQuerySet:
        """Those that follow this one, newest first."""
        same_moment = Q(issued_at=last.issued_at, id__lt=last.pk)
        return self.newest_first().filter(Q(issued_at__lt=last.issued_at) | same_moment)

    def with_mail(self) -> InvitationQuerySet:
        """Adds `mail_state`: what became of the e-mail, None where a card was printed."""
        mails = Notification.objects.filter(kind=notices.INVITATION, about=models.OuterRef("pk"))
        return self.annotate(mail_state=models.Subquery(mails.values("state")[:1]))

    @transaction.atomic
    def ask_card(self, person: User, *, by: User, now: datetime) -> Invitation:
        """A new sign-in card for somebody who is locked out; asked for twice it is one.

        It opens nothing before somebody else approves it. Raises PermissionDenied for one's own, for an
        account that is closed, and where the permission went since the request began.
        """
        from accounts.models.user import User as Person

        held = Person.objects.held([person.pk, by.pk])
        if person.pk == by.pk or not held[by.pk].has_perm("accounts.issue_card"):
            raise PermissionDenied
        if not held[person.pk].is_active:
            raise PermissionDenied
        if waiting := self.open(now).filter(person=person, approved_at=None).first():
            return waiting
        card = self.create(
            role=person.role, person=person, issued_by=by, issued_at=now, expires_at=now + CARD_WAITS
        )
        AuditEvent.objects.record(Act.CARD_ASKED, by=by, about=person, now=now)
        return card

    def forget_labels(self, now: datetime) -> None:
        """Of those that ran out: what staff called somebody who never came is nobody's to keep."""
        self.filter(expires_at__lte=now).exclude(label="").update(label="")

    def cards_waiting(self, now: datetime) -> InvitationQuerySet:
        return self.open(now).filter(person__isnull=False, approved_at=None).order_by("issued_at")

    def cards_for_approval(self, user: User, now: datetime) -> InvitationQuerySet:
        """Those that wait for this person's yes."""
        rows = self.cards_waiting(now).cards_seen_by(user).exclude(issued_by=user)
        return rows.select_related("person", "issued_by")

    def cards_seen_by(self, user: User) -> InvitationQuerySet:
        """Cards of those whose page this person may open, but not one's own."""
        from accounts.models.user import User as Person

        if not user.has_perm("accounts.issue_card"):
            return self.none()
        people = Person.objects.visible_to(user).active().exclude(pk=user.pk)
        # Row by row: few cards wait, and a list of everybody would be made for none.
        return self.filter(Exists(people.filter(pk=models.OuterRef("person"))))

    def cards_of(self, person: User, now: datetime | None = None) -> InvitationQuerySet:
        """What the person reads of the cards that were made for them lately: all of them, used or not."""
        since = (now or timezone.now()) - CARDS_SHOWN_FOR
        rows = self.filter(person=person, issued_at__gt=since)
        return rows.select_related("issued_by", "approved_by").newest_first()
