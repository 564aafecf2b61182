from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "recovery_site.home"
    verbose_name = "Home"

    def ready(self) -> None:
        from recovery_site import reports

        reports.begin()
