from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "recovery_site.home"
    verbose_name = "Home"
