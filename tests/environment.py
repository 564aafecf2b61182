"""Loaded before Django's settings: the tests' own secrets and a folder of their own."""

import gc
import os
import tempfile

# Held for as long as the process lives, and removed with it.
folder = tempfile.TemporaryDirectory(prefix="stillwater-test-", ignore_cleanup_errors=True)

os.environ.update(
    DEMO="1",
    DATA_DIR=os.environ.get("TEST_DATA_DIR") or folder.name,
    SECRET_KEY="only-for-tests-" + "x" * 50,
    VAULT_KEYS="test:" + "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
    STATIC_HASHED="0",
    TIME_ZONE="America/New_York",
    SITE_URL="http://testserver",
)
# One prepared product for all workers of a run: each of them copies it.
os.environ.setdefault("TEST_TEMPLATE", folder.name)
# Tests make and drop a great many small objects; looking through all of them as often as Python does by
# itself takes a sixth of the time.
gc.freeze()
gc.set_threshold(100_000, 50, 50)
