"""T5: what the lists cost as they grow, from a thousand rows to a million.

`python -m benchmarks.growth 100000` fills the database of the environment with so many people, check-ins,
journal entries, shares, notices, looks, tasks and acts, and asks for each page as its reader at 1,000 rows,
and at the end (1,000,000 takes 8 GB and some minutes to fill). The schedule grows in `benchmarks.schedule`.
"""

import os
import statistics
import sys
import time as clock
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery_site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import AccessRecord, AuditEvent, CareTeamMember, OutreachTask, Stay, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from benchmarks import house  # noqa: E402
from benchmarks.copies import analyze, copy, day_earlier, earlier, new, the  # noqa: E402
from benchmarks.figures import Figure, tell  # noqa: E402
from checkins.models import CheckIn  # noqa: E402
from checkins.models.reminder_plan_queries import KIND  # noqa: E402
from journal.models import Entry, Share  # noqa: E402
from notifications.models import Notification  # noqa: E402

BASE, SIZES = 100, (1_000, 100_000, 1_000_000)
ASKED = 11
AT_MOST = 1.5
NOW = timezone.now()


def base() -> tuple[User, User, User]:
    """BASE rows of each kind, written as the product writes them."""
    house.fill(BASE, NOW)
    sam, ana = User.objects.get(username="sam"), User.objects.get(username="ana")
    mara = User.objects.create(username="mara", role=Role.MANAGER, chosen_name="Mara")
    for entry in Entry.objects.filter(owner=sam):
        entry.share(with_=ana, by=sam, revision=1, now=NOW)
    Share.objects.update(read_at=NOW)
    Notification.objects.all().delete()
    Notification.objects.bulk_create(notice(sam, number) for number in range(BASE))
    AccessRecord.objects.bulk_create(
        AccessRecord(subject_id=sam.pk, actor=ana, what="profile", at=NOW - timedelta(hours=number))
        for number in range(BASE)
    )
    AuditEvent.objects.bulk_create(
        AuditEvent(
            actor_id=mara.pk, subject_id=sam.pk, act="stay_changed", at=NOW - timedelta(minutes=number)
        )
        for number in range(BASE)
    )
    return sam, ana, mara


def notice(sam: User, number: int) -> Notification:
    at = NOW - timedelta(minutes=number)
    return Notification(
        recipient=sam,
        kind=KIND,
        about=uuid.uuid4(),
        due_on=at.date(),
        not_before=at,
        state="noted",
        shown_at=at,
    )


def grow(times: range, sam: User, ana: User) -> None:
    """Copies of everything, each lying further back than the last."""
    grow_people(
        times, ana, User.objects.filter(stays__discharged_on=None, role=Role.CLIENT).exclude(pk=sam.pk)
    )
    grow_journal(times, sam)
    grow_records(times)
    analyze()


def grow_people(times: range, ana: User, here: Any) -> None:
    """People who left, and what was noted about them."""
    months = "400 + n % 3000"
    others = {"client__in": here}
    first = list(here.values_list("pk", flat=True))
    copy(
        User.objects.filter(pk__in=first),
        times,
        id=new(),
        username="it.username || '-' || n",
        chosen_name="it.chosen_name || ' ' || n",
    )
    copy(
        Stay.objects.filter(**others),
        times,
        client_id=new("client_id"),
        bed="''",
        admitted_on=day_earlier("admitted_on", months),
        discharged_on=day_earlier("admitted_on", "300"),
    )
    copy(
        CareTeamMember.objects.filter(**others),
        times,
        client_id=new("client_id"),
        ended_at="it.started_at",
        started_at=earlier("started_at", months),
    )
    grow_care(times, ana, others)


def grow_care(times: range, ana: User, others: dict[str, Any]) -> None:
    months = "400 + n % 3000"
    copy(
        CheckIn.objects.filter(**others),
        times,
        id=new(),
        client_id=new("client_id"),
        day=day_earlier("day", months),
    )
    copy(
        OutreachTask.objects.filter(**others, closed_at=None),
        times,
        id=new(),
        client_id=new("client_id"),
        about=new("about"),
        closed_at="it.opened_at",
        closed_by_id=the(ana.pk),
        opened_at=earlier("opened_at", months),
    )


def grow_journal(times: range, sam: User) -> None:
    newest = Entry.objects.filter(owner=sam).exclude(title_sealed=b"").order_by("-created_at")[:BASE]
    entries = list(newest.values_list("pk", flat=True))
    copy(
        Entry.objects.filter(pk__in=entries),
        times,
        id=new(),
        client_token=new("client_token"),
        written_on=day_earlier("written_on", "1 + n % 3000"),
        created_at=earlier("created_at", "n"),
    )
    copy(
        Share.objects.filter(entry__in=entries),
        times,
        id=new(),
        entry_id=new("entry_id"),
        shared_at=earlier("shared_at", "n", "minutes"),
        read_at=earlier("shared_at", "n", "minutes"),
        # A share ends with a stay at the latest (J2): a thousand are open to one clinician, the others were.
        ended_at=f"CASE WHEN n < {SIZES[0] // BASE} THEN it.ended_at ELSE it.shared_at END",
    )


def grow_records(times: range) -> None:
    """Notices, looks and acts."""
    shown = Notification.objects.filter(shown_at__gt=NOW - timedelta(minutes=BASE))
    copy(shown, times, id=new(), about=new("about"), shown_at=earlier("shown_at", f"{BASE} * n", "minutes"))
    looks = AccessRecord.objects.filter(at__gt=NOW - timedelta(hours=BASE))
    copy(looks, times, at=earlier("at", f"{BASE} * n % 90000", "hours"))
    acts = AuditEvent.objects.filter(at__gt=NOW - timedelta(minutes=BASE))
    copy(acts, times, at=earlier("at", f"{BASE} * n", "minutes"))


def pages(sam: User, ana: User, mara: User, size: int) -> dict[str, Callable[[], Any]]:
    middle = Notification.objects.filter(recipient=sam).latest_first()[size // 2]
    early = int((NOW - timedelta(hours=80_000)).timestamp())
    act = AuditEvent.objects.newest_first()[size // 2]
    return {
        "client's Today": asked("/today/", sam),
        "clinician's Today": asked("/today/", ana),
        "manager's Today": asked("/today/", mara),
        "journal": asked("/journal/", sam),
        "notices": asked("/notices/", sam),
        "notices, halfway": asked(f"/notices/?after={middle.pk}", sam),
        "who looked": asked("/me/access/", sam),
        "who looked, far back": asked(f"/me/access/?before={early}", sam),
        "check-in history": asked("/check-in/history/", sam),
        "check-ins today": asked("/check-ins/", ana),
        "pages shared with me": asked("/journal/shared/", ana),
        "people, clinician": asked("/people/", ana),
        "people, in the house": asked("/people/", mara),
        "people, former": asked("/people/?show=former", mara),
        "people, everybody": asked("/people/?show=all", mara),
        "people, by words": asked("/people/?q=client050", mara),
        "audit": asked("/people/audit/", mara),
        "audit, halfway": asked(f"/people/audit/?after={act.pk}", mara),
    }


def asked(path: str, reader: User) -> Callable[[], Any]:
    browser = Client(headers={"host": "localhost"})
    browser.force_login(reader)

    def ask() -> None:
        status = browser.get(path).status_code
        if status != 200:
            raise SystemExit(f"{path} answered {status}")

    return ask


def timed(act: Callable[[], Any]) -> float:
    """Milliseconds."""
    start = clock.perf_counter()
    act()
    return (clock.perf_counter() - start) * 1000


def p50(act: Callable[[], Any]) -> float:
    """Median, once it is warm; few times where once takes long."""
    act()
    first = timed(act)
    return statistics.median([first, *(timed(act) for _ in range(ASKED if first < 500 else 2))])


def compared(found: dict[int, dict[str, float]]) -> Iterator[Figure]:
    few, *_, many = found
    for name in found[few]:
        times = [f"{by_name[name]:.1f}" for by_name in found.values()]
        note = f"{', '.join(times)} ms at {', '.join(f'{size:,}' for size in found)}"
        yield Figure("T5", name, found[many][name] / found[few][name], "of few", AT_MOST, note=note)


def main(most: int) -> Iterator[Figure]:
    sam, ana, mara = base()
    found: dict[int, dict[str, float]] = {}
    begin = 1
    for size in [*(size for size in SIZES if size < most), most]:
        started: datetime = timezone.now()
        grow(range(begin, size // BASE), sam, ana)
        filled = timezone.now()
        begin = size // BASE
        found[size] = {name: p50(act) for name, act in pages(sam, ana, mara, size).items()}
        print(f"{size:,}: filled {filled - started}, asked {timezone.now() - filled}", file=sys.stderr)
    yield from compared(found)


if __name__ == "__main__":
    settings.DEBUG = False
    most = int(sys.argv[1])
    if most <= SIZES[0]:
        sys.exit(f"Growth is shown from {SIZES[0]:,} rows on: ask for more than that.")
    tell(main(most))
