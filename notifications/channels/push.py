"""Web push (RFC 8030): every message is the same few words and a link, sealed for the browser alone (K5)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from pywebpush import WebPushException, webpush

from notifications import kinds, push_service

if TYPE_CHECKING:
    from notifications.models import Notification, PushSubscription


TIME_LIMIT = 10  # seconds, to connect and again to answer
KEPT_FOR = timedelta(hours=4)  # how long the service tries a device that is switched off
SHORTEST = timedelta(minutes=1)
GONE = (404, 410)  # RFC 8030, 7.3
NOT_THIS_MESSAGE = (400, 413)
SAME_LENGTH = 400  # bytes; the service sees how long the sealed words are


class AllGone(Exception):  # the name is kept in the row
    """No browser of this person takes messages any more."""


class ServiceDown(Exception):
    """Did not answer a moment ago: the rest of the batch does not wait for it ten seconds each."""


def payload(notification: Notification) -> str:
    """What a locked screen may show to whoever holds the device. Never the sentence of the notice, also
    where the person opted in to it: mail is opened, a screen lights up."""
    with translation.override(kinds.language_of(notification)):
        words = {"title": _("You have a message"), "link": kinds.notice_link(notification)}
    return json.dumps(words).ljust(SAME_LENGTH)


def kept_for(notification: Notification, now: datetime) -> int:
    """Seconds. Not past the moment at which it has lost its point, nor into the person's quiet hours (K4)."""
    until = now + KEPT_FOR
    if not kinds.get(notification.kind).urgent and (quiet := quiet_begins(notification.recipient, now)):
        until = min(until, quiet)
    if notification.not_after:
        until = min(until, notification.not_after.astimezone(UTC))
    return int(max(until - now, SHORTEST).total_seconds())


def quiet_begins(person: Any, now: datetime) -> datetime | None:
    """When the quiet hours of this person come next; None for who wants none."""
    from notifications.models import quiet_hours

    start, end = quiet_hours(getattr(person, "reach", None))
    if start == end:
        return None
    today = now.astimezone(person.zone).date()
    days = (today, today + timedelta(days=1))
    moments = (datetime.combine(day, start, tzinfo=person.zone).astimezone(UTC) for day in days)
    return next(moment for moment in moments if moment > now)


class StraightOnly(requests.Session):
    """Goes where it was sent: no redirect, no proxy and no password that the environment names."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(*args, **kwargs | {"allow_redirects": False})


class Push:
    def __init__(self) -> None:
        self.session: requests.Session | None = None
        self.down: set[str] = set()

    def open(self) -> None:
        if self.session is None:
            self.session = StraightOnly()

    def close(self) -> None:
        if self.session is not None:
            self.session.close()
        self.session = None

    def send(self, notification: Notification) -> None:
        """To each browser of the person. One that took it is enough: a second try would come twice there."""
        from notifications.models import PushSubscription

        self.open()
        taken, trouble = False, None
        for browser in PushSubscription.objects.filter(person=notification.recipient):
            try:
                self.send_to(browser, notification)
                taken = True
            except WebPushException as error:
                if error.status_code in GONE:
                    browser.delete()
                else:
                    trouble = error
            except (requests.RequestException, ServiceDown, ValueError) as error:
                trouble = error
        if not taken:
            raise trouble or AllGone

    def send_to(self, browser: PushSubscription, notification: Notification) -> None:
        host = urlsplit(browser.endpoint).netloc
        if host in self.down:
            raise ServiceDown
        if not push_service.is_known(browser.endpoint):
            raise ValueError("not a push service that we know")
        try:
            webpush(
                {"endpoint": browser.endpoint, "keys": {"p256dh": browser.p256dh, "auth": browser.auth}},
                data=payload(notification),
                vapid_private_key=push_service.key_from(settings.VAPID_PRIVATE_KEY),
                vapid_claims={"sub": "mailto:" + parseaddr(settings.DEFAULT_FROM_EMAIL)[1]},
                timeout=TIME_LIMIT,
                ttl=kept_for(notification, timezone.now()),
                headers={"Urgency": "high" if kinds.get(notification.kind).urgent else "normal"},
                requests_session=self.session,
            )
        except (requests.ConnectionError, requests.Timeout):
            self.down.add(host)
            raise

    def is_permanent(self, error: Exception) -> bool:
        if isinstance(error, WebPushException):
            return error.status_code in NOT_THIS_MESSAGE
        return self.refuses_person(error)

    def is_outage(self, error: Exception) -> bool:
        """Never: each browser has a service of its own, and those of the others may well work."""
        return False

    def is_no_try(self, error: Exception) -> bool:
        """Their service, or our own network, was not there: nobody was asked about this message."""
        return isinstance(error, (requests.ConnectionError, requests.Timeout, ServiceDown))

    def refuses_person(self, error: Exception) -> bool:
        return isinstance(error, AllGone)

    def give_up(self, person: Any, now: datetime) -> None:
        from notifications import stopped

        stopped.push(person, now)
