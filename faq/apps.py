from django.apps import AppConfig


class FaqConfig(AppConfig):
    name = "faq"
    verbose_name = "Questions and articles"

    def ready(self) -> None:
        from faq import unkept

        unkept.register()
