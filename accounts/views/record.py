from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import record
from accounts.forms import AuditForm
from accounts.gates import permitted
from accounts.http import PersonRequest
from accounts.models import AccessRecord, AuditEvent, EmergencyAccess, Invitation, User
from accounts.models.access import Line

DOWNLOADS_SHOWN = 5
LONGEST_ID = 19  # digits that a 64-bit number is sure to hold, and one


@require_safe
def access(request: PersonRequest) -> HttpResponse:
    """Who looked at what is one's own, and what else concerns one's account."""
    before = moment(request.GET.get("before", ""))
    lines, more = AccessRecord.objects.visible_to(request.user).lines(before)
    context: dict[str, Any] = {
        "lines": with_reasons(lines, request.user),
        "more": more and f"?before={int(more.timestamp())}",
        "own": AccessRecord(subject_id=request.user.pk),  # for the line that says who reads such a row
        "later": before,
    }
    if before is None:
        downloads = AuditEvent.objects.downloads_of(request.user)
        cards = Invitation.objects.cards_of(request.user)
        context |= {"cards": cards, "downloads": downloads[:DOWNLOADS_SHOWN]}
    return render(request, "accounts/access.html", context)


def moment(text: str) -> datetime | None:
    """Seconds since 1970 from an address; None for whatever is no such number."""
    return (
        datetime.fromtimestamp(int(text), UTC)
        if text.isascii() and text.isdigit() and len(text) < 11
        else None
    )


def with_reasons(lines: list[Line], reader: User) -> list[tuple[Line, EmergencyAccess | None]]:
    """Each line, and what was written where it tells of an emergency."""
    times = [line.at for line in lines if line.is_emergency]
    found: dict[tuple[UUID, datetime], EmergencyAccess] = {}
    if times:
        own = EmergencyAccess.objects.visible_to(reader).filter(client=reader, began_at__in=times)
        found = {(row.clinician_id, row.began_at): row for row in own.read(by=reader)}
    return [(line, found.get((line.actor_id, line.at)) if line.is_emergency else None) for line in lines]


@permitted("accounts.read_audit")
@require_safe
def audit(request: PersonRequest) -> HttpResponse:
    """What was done to accounts, stays and care teams: nothing private, and nothing that can be changed."""
    form = AuditForm(request.GET)
    asked = form.asked()
    events = record.found(AuditEvent.objects.visible_to(request.user), asked)
    page, more = record.page(events, after=number(request.GET.get("after", "")))
    known = record.names([asked.person, *(pk for event in page for pk in (event.actor_id, event.subject_id))])
    context = {
        "form": form,
        "acts": record.worded(page, known),
        "more": more and asked.address(after=page[-1].pk),
        "about": record.name_of(asked.person, known),
        "everybody": asked.without_person,
        "own": AuditEvent(),  # for the line that says who reads such a row
    }
    return render(request, "accounts/audit.html", context)


def number(text: str) -> int | None:
    """The id in an address; None for whatever is no such number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_ID else None
