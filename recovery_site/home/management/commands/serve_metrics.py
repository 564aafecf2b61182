import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from prometheus_client import start_http_server

from recovery_site import metrics


class Command(BaseCommand):
    help = "Answers Prometheus on METRICS_PORT, until it is stopped. The proxy must not reach this port."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")

    def handle(self, *args: Any, host: str, **options: Any) -> None:
        if not settings.METRICS_PORT:
            raise CommandError("METRICS_PORT is not set, so nothing is counted.")
        try:
            _server, thread = start_http_server(settings.METRICS_PORT, host, metrics.registry())
        except OSError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Figures at http://{host}:{settings.METRICS_PORT}/metrics")
        thread.join()
