"""What a browser refused by our policy (ASVS 3.4.7): a sign of an attack that the policy stopped, or of a
mistake of ours. One line in the log, with the rule and the route of the page: no word of what is sent.
"""

import json
import logging
import time
from collections import deque
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

MOST_BYTES = 16_384
A_MINUTE = 60  # in seconds

log = logging.getLogger("stillwater.policy")
# Anybody may send reports, so each process writes no more than these in a minute.
written: deque[float] = deque(maxlen=10)


@csrf_exempt  # the browser itself sends it
@login_not_required
@require_POST
def policy_report(request: HttpRequest) -> HttpResponse:
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) <= MOST_BYTES and may_write(time.monotonic()):
            report = json.loads(request.body)["csp-report"]
            rule, address = report["effective-directive"], report["document-uri"]
            log.warning("%s refused something on %s", known_rule(rule), known_route(address))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass  # no report of a browser
    return HttpResponse(status=204)


def may_write(now: float) -> bool:
    if len(written) == written.maxlen and now - written[0] < A_MINUTE:
        return False
    written.append(now)
    return True


def known_rule(rule: str) -> str:
    return rule if rule.removesuffix("-elem").removesuffix("-attr") in settings.SECURE_CSP else "other"


def known_route(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return "none"
