from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from accounts import checks, devices, leaving, notices, security, session_limits

        checks.register()
        devices.register()
        leaving.register()
        notices.register()
        security.register()
        session_limits.register()
