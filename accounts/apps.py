from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from accounts import addresses, checks, leaving, notices
        from accounts.sign_in import devices, security, session_limits

        addresses.register()
        checks.register()
        devices.register()
        leaving.register()
        notices.register()
        security.register()
        session_limits.register()
