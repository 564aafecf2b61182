from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from accounts import checks, notices, session_limits

        checks.register()
        notices.register()
        session_limits.register()
