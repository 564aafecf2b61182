"""What this site left in a browser, and how it goes (H2, A8)."""

from collections.abc import Collection

from django.conf import settings
from django.http import HttpResponse

from accounts import push_devices
from accounts.sign_in import devices, session_limits


def clear(response: HttpResponse, *, but: Collection[str] = ()) -> None:
    """Takes back every cookie of ours, and all that the browser stored.

    By our own names and not by those that were sent: another site of this domain may have set one whose name
    cannot be written, and nobody should have to stay because of it.
    """
    names = {
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        devices.known_cookie(),
        push_devices.cookie(),
        session_limits.shared_cookie(),
    }
    for name in names - set(but):
        response.delete_cookie(name)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
