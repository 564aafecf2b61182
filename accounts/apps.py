from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from accounts import addresses, call_notices, checks, leaving, notices
        from accounts.sign_in import devices, security, session_limits

        addresses.register()
        call_notices.register()
        checks.register()
        devices.register()
        leaving.register()
        notices.register()
        security.register()
        session_limits.register()
