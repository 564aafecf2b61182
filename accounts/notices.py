"""What this app tells people through the outbox."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import kinds

if TYPE_CHECKING:
    from notifications.models import Notification

CARE_TEAM = "accounts.care_team"
PASSWORD_RESET = "accounts.password_reset"  # noqa: S105  (the name of a kind)


def register() -> None:
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
            name="accounts.outreach",
            notice=_("Someone you care for asked to talk."),
            page=lambda notification: reverse("home:today"),
            wanted=outreach_wanted,
            urgent=True,
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

    Notification.objects.post(
        recipient=client, kind=CARE_TEAM, about=client.pk, due_on=client.local_day(now), not_before=now
    )


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
