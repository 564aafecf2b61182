"""Before the first check-in, and again when its text has changed: how check-ins are read (K9)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import PersonRequest
from checkins import outreach
from checkins.answers import Need
from checkins.explanation import SENTENCES, VERSION
from checkins.models import Acceptance, CheckIn

ANSWERS = ("mood", "need", "closeness", "urge", "sleep", "note")
View = Callable[[PersonRequest], HttpResponse]


def explained(view: View) -> View:
    """Puts the explanation before the page until it is accepted. Asking for someone does not wait for it."""

    @wraps(view)
    def gated(request: PersonRequest) -> HttpResponse:
        if Acceptance.objects.stands_for(request.user):
            return view(request)
        if request.POST.get("need") == Need.TALK:
            CheckIn.objects.ask(by=request.user, now=timezone.now())
        return explain(request)

    return gated


def explain(request: PersonRequest) -> HttpResponse:
    """The explanation. What was sent with the request is carried along, and kept once it is accepted."""
    template = "checkins/explanation.html"
    if request.htmx:
        template += "#check-in"
    status = 422 if request.method == "POST" else 200
    return render(request, template, explanation(request), status=status)


def explanation(request: PersonRequest) -> dict[str, Any]:
    mine = CheckIn.objects.visible_to(request.user).filter(client=request.user)
    today = mine.filter(day=request.user.local_day(timezone.now())).first()
    readers = list(outreach.readers(request.user))
    return {
        "sentences": SENTENCES,
        "version": VERSION,
        "sent": {name: request.POST[name] for name in (*ANSWERS, "day") if name in request.POST},
        "who_reads": outreach.who_reads(request.user, readers),
        "who_comes": outreach.who_comes(readers),
        "outreach": outreach.standing(today) if today else None,
    }
