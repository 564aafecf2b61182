from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notices"

    def ready(self) -> None:
        from notifications import channels, checks, stopped
        from notifications.channels.push import Push

        channels.register(channels.PUSH, Push)
        checks.register()
        stopped.register()
