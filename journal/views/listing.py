from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest
from journal import coming_up, drafting, prompts
from journal.glance import Glance
from journal.models import Entry
from journal.month import Month, day_of, following, month_of
from journal.shared_with import with_shares
from journal.who import who_reads

ENTRIES_SHOWN = 20


@permitted("journal.read_entry")
@require_safe
def entry_list(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    today = request.user.local_day(now)
    day = day_of(request.GET.get("day", ""))
    month = day or month_of(request.GET.get("month", ""))
    glance = Glance.of(request.user, month=month or today)
    context = {
        "today": today,
        "day": day,
        "finding": glance.pages,
        "prompt": prompts.prompt_for(request.user, today),
        "narrative": glance.narrative,
        "who": who_reads(Entry(owner_id=request.user.pk), viewer=request.user, any_copy=glance.shares),
        **listed(request, glance, day=day, month=month),
        **coming_up.listed(request.user, glance, now),
        **beside(request, glance),
    }
    if glance.pages:
        context["month"] = Month.of(month or today, written=glance.days, today=today, chosen=day)
    return render(request, "journal/entry_list.html", context)


def listed(request: PersonRequest, glance: Glance, *, day: date | None, month: date | None) -> dict[str, Any]:
    """The pages of one day, or the newest, or those from the end of one month back."""
    entries = Entry.objects.visible_to(request.user).standing().newest_first()
    last = last_seen(request)
    if last:
        entries = entries.after(last)
    if day:
        entries = entries.filter(written_on=day)
    elif month:
        entries = entries.filter(written_on__lt=following(month))
    headings = entries[: ENTRIES_SHOWN + 1].headings(by=request.user, key=glance.key) if glance.pages else []
    here = f"day={day}&" if day else f"month={month:%Y-%m}&" if month else ""
    more = headings[ENTRIES_SHOWN - 1].entry.pk if len(headings) > ENTRIES_SHOWN else None
    return {
        "headings": with_shares(
            headings[:ENTRIES_SHOWN], any_=glance.shares, by=request.user, now=timezone.now()
        ),
        "more": more and f"?{here}after={more}",
        "later": bool(last or month),
    }


def beside(request: PersonRequest, glance: Glance) -> dict[str, Any]:
    """What else stands on the list: drafts, what came up on this day, who turned on which questions.

    Each asks the database only where the glance saw that there is some: most have none (T3).
    """
    if not glance.drafts:
        return {}
    return {"drafts": drafting.listed(request.user, key=glance.key, now=timezone.now())}


def last_seen(request: PersonRequest) -> Entry | None:
    """The entry that "Show more" goes on from; None for one that is gone or was made up."""
    own = Entry.objects.visible_to(request.user).only("written_on", "created_at")
    try:
        return own.filter(pk=UUID(request.GET.get("after", ""))).first()
    except ValueError:
        return None
