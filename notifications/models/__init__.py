from notifications.models.heartbeat import Heartbeat
from notifications.models.notification import TOO_LATE, WAITING, Notification, NotificationQuerySet
from notifications.models.preference import Preference, is_within, quiet_end, quiet_hours
from notifications.models.push import PushSubscription

__all__ = [
    "TOO_LATE",
    "WAITING",
    "Heartbeat",
    "Notification",
    "NotificationQuerySet",
    "Preference",
    "PushSubscription",
    "is_within",
    "quiet_end",
    "quiet_hours",
]
