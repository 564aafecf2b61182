"""What this app tells people through the outbox."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import kinds

if TYPE_CHECKING:
    from accounts.models import EmergencyAccess, User
    from notifications.models import Notification

CARE_TEAM = "accounts.care_team"
EMERGENCY = "accounts.emergency"
OWN_EMERGENCY = "accounts.own_emergency"
INVITATION = "accounts.invitation"
CARD_USED = "accounts.card_used"
MANAGER_JOINED = "accounts.manager_joined"
PASSWORD_RESET = "accounts.password_reset"  # noqa: S105  (the name of a kind)


def register() -> None:
    register_ways_in()
    register_emergencies()
    kinds.register(
        kinds.Kind(
            name=PASSWORD_RESET,
            notice=_("Someone asked for a new password for you. If it was not you, do nothing."),
            page=lambda notification: reverse("account_change_password"),
            mail_link=password_reset_link,
            urgent=True,
            asked_for=True,
        )
    )
    kinds.register(
        kinds.Kind(
            name=CARE_TEAM,
            notice=_("Your care team has changed."),
            page=lambda notification: reverse("accounts:profile"),
            mails=False,
        )
    )


def post_care_team(client: Any, now: Any) -> None:
    """One notice a day is enough: the page behind it shows the team as it is (the names stay there)."""
    from notifications.models import Notification

    Notification.objects.post_shown(
        now, {"recipient": client, "kind": CARE_TEAM, "about": client.pk, "due_on": client.local_day(now)}
    )


def register_ways_in() -> None:
    """An invitation goes to a bare address, which has no notices and no page; a used card is told at once."""
    kinds.register(
        kinds.Kind(
            name=INVITATION,
            notice="",
            page=lambda notification: reverse("home:front"),
            mail_link=invitation_link,
            wanted=invitation_wanted,
        )
    )
    kinds.register(
        kinds.Kind(
            name=CARD_USED,
            notice=_("A new card was used to sign in as you. If it was not you, tell any member of staff."),
            page=lambda notification: reverse("accounts:access"),
            urgent=True,
            asked_for=True,
        )
    )
    kinds.register(
        kinds.Kind(
            name=MANAGER_JOINED,
            notice=_("An invitation made somebody a manager. See who."),
            page=lambda notification: reverse("home:person", args=[notification.about]),
            wanted=is_a_manager,
            mails=False,
        )
    )


def register_emergencies() -> None:
    """To the care team at any hour; the client reads it at once in the app, the mail lets them sleep."""
    kinds.register(
        kinds.Kind(
            name=EMERGENCY,
            notice=_("In an emergency, a clinician opened the page of someone you care for."),
            page=emergency_page,
            wanted=is_on_the_care_team,
            urgent=True,
            capped=False,
        )
    )
    kinds.register(
        kinds.Kind(
            name=OWN_EMERGENCY,
            notice=_(
                "A clinician who is not on your care team opened your page in an emergency. See who and why."
            ),
            page=lambda notification: reverse("accounts:access"),
        )
    )


def post_emergency(access: "EmergencyAccess", now: Any) -> None:
    """Tells the client and each of the care team, at once (A10)."""
    from notifications.models import Notification

    told = [(EMERGENCY, clinician) for clinician in access.client.care_team().clinicians().active()]
    Notification.objects.post_shown(
        now,
        *(
            {"recipient": person, "kind": kind, "about": access.pk, "due_on": person.local_day(now)}
            for kind, person in [(OWN_EMERGENCY, access.client), *told]
        ),
    )


def emergency_page(notification: "Notification") -> str:
    from accounts.models import EmergencyAccess

    client = EmergencyAccess.objects.filter(pk=notification.about).values_list("client", flat=True).first()
    return reverse("home:person", args=[client]) if client else reverse("home:people")


def is_on_the_care_team(notification: "Notification", now: Any) -> bool:
    from accounts.models import EmergencyAccess

    accesses = EmergencyAccess.objects.filter(pk=notification.about)
    return notification.recipient is not None and accesses.visible_to(notification.recipient).exists()


def invitation_wanted(notification: "Notification", now: Any) -> bool:
    """Still open, and under a key that the vault still has."""
    from accounts.models import Invitation

    found = Invitation.objects.open(now).filter(pk=notification.about).first()
    return found is not None and found.mailed_token is not None


def invitation_link(notification: "Notification") -> str:
    from accounts.models import Invitation

    invitation = Invitation.objects.get(pk=notification.about)
    return settings.SITE_URL + reverse("accounts:invitation", args=[invitation.mailed_token])


def post_card_used(person: Any, *, about: uuid.UUID, now: Any) -> None:
    from notifications.models import Notification

    Notification.objects.post_shown(
        now, {"recipient": person, "kind": CARD_USED, "about": about, "due_on": person.local_day(now)}
    )


def post_manager_joined(newcomer: "User", now: Any) -> None:
    """To every other manager, also to whoever invited: each sees who may do all that they may."""
    from notifications.models import Notification

    others = get_user_model().objects.active().managers().exclude(pk=newcomer.pk)
    Notification.objects.post_many(
        {
            "recipient": person,
            "kind": MANAGER_JOINED,
            "about": newcomer.pk,
            "due_on": person.local_day(now),
            "not_before": now,
        }
        for person in others
    )


def is_a_manager(notification: "Notification", now: Any) -> bool:
    return notification.recipient is not None and notification.recipient.is_manager


def post_password_reset(user: Any) -> None:
    from notifications.models import Notification

    now = timezone.now()
    Notification.objects.post(
        recipient=user, kind=PASSWORD_RESET, about=uuid.uuid4(), due_on=now.date(), not_before=now
    )


def password_reset_link(notification: "Notification") -> str:
    """An address that sets a new password, valid as long as PASSWORD_RESET_TIMEOUT says."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    user = notification.recipient
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return f"{settings.SITE_URL}{path}"


def outreach_wanted(notification: "Notification", now: Any) -> bool:
    from accounts.models import OutreachTask

    return OutreachTask.objects.open().filter(pk=notification.about, taken_at=None).exists()
