from notifications.models.heartbeat import Heartbeat
from notifications.models.notification import WAITING, Notification, NotificationQuerySet
from notifications.models.preference import Preference, is_within, quiet_end, quiet_hours
from notifications.models.push import PushSubscription

__all__ = [
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
