"""Reports of errors to Sentry, where SENTRY_DSN is set. They say where it broke and nothing that was said:
no body, address, header, cookie, variable, name, text of an exception, or line of a log.
"""

from typing import Any

import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration

from recovery_site.logs import current

# What of a report may leave, by name: what a new version of the library adds does not.
KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment", "sdk")
KEPT_OF_A_FRAME = ("filename", "function", "module", "lineno", "in_app")

NOTHING: Any = {
    "user_info": False,
    "cookies": {"mode": "off"},
    "http_headers": {"request": {"mode": "off"}, "response": {"mode": "off"}},
    "http_bodies": [],
    "url_query_params": {"mode": "off"},
    "database_query_data": False,
    "queues": False,
    "stack_frame_variables": False,
    "frame_context_lines": 0,
}


def begin(**more: Any) -> None:
    """Nothing is sent without SENTRY_DSN, and no traces or sessions ever."""
    if not settings.SENTRY_DSN:
        return
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[DjangoIntegration(middleware_spans=False, signals_spans=False), CeleryIntegration()],
        data_collection=NOTHING,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        traces_sample_rate=None,
        before_send=scrubbed,
        before_breadcrumb=lambda *_: None,
        **more,
    )


def scrubbed(event: Any, hint: dict[str, Any]) -> Any:
    """A new report with what may leave; the log of the request tells the rest."""
    errors = event.get("exception", {}).get("values", [])
    return {name: event[name] for name in KEPT if name in event} | {
        "exception": {"values": [of_error(error) for error in errors]},
        "tags": {"request": current.get()},
    }


def of_error(error: dict[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames", [])
    kept = [{name: frame[name] for name in KEPT_OF_A_FRAME if name in frame} for frame in frames]
    return {"type": error.get("type"), "module": error.get("module"), "stacktrace": {"frames": kept}}
