from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, When

from accounts.models.care_team import CareTeamMember
from accounts.models.stay import Stay
from accounts.roles import STAFF, Role

if TYPE_CHECKING:
    from accounts.models.user import User


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def clients(self) -> UserQuerySet:
        return self.filter(role=Role.CLIENT)

    def clinicians(self) -> UserQuerySet:
        return self.filter(role=Role.CLINICIAN)

    def managers(self) -> UserQuerySet:
        return self.filter(role=Role.MANAGER)

    def staff(self) -> UserQuerySet:
        return self.filter(role__in=STAFF)

    def cared_for_by(self, clinician: User) -> UserQuerySet:
        """Clients on whose care team this clinician is now. Nobody's, for any other role."""
        if not clinician.is_clinician:
            return self.none()
        rows = CareTeamMember.objects.standing().filter(clinician=clinician)
        return self.clients().filter(pk__in=rows.values("client"))

    def on_care_team_of(self, client: User) -> UserQuerySet:
        """The clinicians of one client, the primary one first."""
        return self.filter(client_rows__client=client, client_rows__ended_at=None).order_by(
            "-client_rows__is_primary", "client_rows__started_at"
        )

    def visible_to(self, user: User) -> UserQuerySet:
        """Whose page this person may open: one's own, a clinician's clients, everybody for a manager.

        Of an erased account nobody opens a page, so nothing can be done with it either (A8).
        """
        return self.model.seen_by.rows(self.filter(erased_at=None), user)

    def in_house(self, on: date) -> UserQuerySet:
        """Clients with a stay on that day."""
        return self.clients().active().filter(pk__in=Stay.objects.current(on).values("client"))

    def were_here(self, on: date) -> UserQuerySet:
        """Clients whose last stay is over."""
        stays = Stay.objects.filter(client=OuterRef("pk"))
        return self.clients().filter(Exists(stays), ~Exists(stays.not_over(on)))

    def not_here_yet(self) -> UserQuerySet:
        """Clients with an account and no stay."""
        return self.clients().active().filter(~Exists(Stay.objects.filter(client=OuterRef("pk"))))

    def listed_for(self, user: User, on: date) -> UserQuerySet:
        """Whose chosen name and dates this person reads in a list: for a clinician those in the house."""
        if user.is_manager:
            return self
        return self.in_house(on) if user.is_clinician else self.none()

    def hold(self, ids: Iterable[uuid.UUID]) -> None:
        """Holds these people until the transaction ends, in one order, so that none blocks another."""
        rows = self.model.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk")
        list(rows.values_list("pk"))

    def held(self, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, User]:
        """These people as they are now, and stay until the transaction ends.

        Clients come first, as for whoever joins a care team; then managers, as for whoever changes a role.
        """
        order = Case(When(role=Role.CLIENT, then=0), When(role=Role.MANAGER, then=1), default=2)
        rows = self.model.objects.select_for_update(no_key=True).filter(pk__in={pk for pk in ids if pk})
        return {person.pk: person for person in rows.order_by(order, "pk")}

    def departed(self, on: date) -> UserQuerySet:
        """Those who left and whose last day is over by then; their accounts are still open (A6)."""
        return self.clients().active().filter(away_since__lte=on - timedelta(days=settings.ALUMNI_DAYS))

    def departing(self, on: date, *, days: int) -> UserQuerySet:
        """Those who left and have at most so many days more, the last one included."""
        first = on - timedelta(days=settings.ALUMNI_DAYS - 1)
        return self.clients().active().filter(away_since__range=(first, first + timedelta(days=days - 1)))

    def lock_managers(self) -> set[uuid.UUID]:
        """Who manages now. Whoever else would change that waits until this transaction ends (A9)."""
        rows = self.model.objects.managers().active().order_by("pk").select_for_update(no_key=True)
        return set(rows.values_list("pk", flat=True))
