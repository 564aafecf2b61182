"""Says whether this web process answers: /help/ comes even while the database is away (H1)."""

import os
import sys
import urllib.error
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
request = urllib.request.Request(
    f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/help/",
    headers={"Host": host, "X-Forwarded-Proto": "https"},
)
try:
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 - an address of our own
        sys.exit(answer.status != 200)
except (urllib.error.URLError, OSError):
    sys.exit(1)
