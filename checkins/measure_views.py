import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import User
from accounts.vault import Unreadable
from checkins.bam import ITEMS, SUMS
from checkins.measure_form import MeasureForm
from checkins.models import Measure
from checkins.models.measure import OpenedWeek, week_of

logger = logging.getLogger(__name__)
WEEKS_SHOWN = 12


@permitted("checkins.check_in")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def measure(request: PersonRequest) -> HttpResponse:
    """The optional questions about the week. They can be changed until it ends."""
    now, person = timezone.now(), request.user
    opened = Measure.objects.of_week(person, by=person, now=now)
    said = opened.answers if opened else None
    week = week_of(person, now)
    form = MeasureForm(request.POST if request.method == "POST" else None, week=week, said=said)
    status = 200
    if request.method == "POST":
        if form.is_valid() and kept(form, by=person):
            messages.success(request, _("Kept. You can change it until the week ends."))
            return see_other("checkins:measure")
        status = 422
    context = {
        "form": form,
        "opened": opened,
        "said": said,
        "first": week,
        "last": week + timedelta(days=6),
        "a_measure": Measure(client=person),
    }
    return render(request, "checkins/measure.html", context, status=status)


def kept(form: MeasureForm, *, by: User) -> bool:
    """Where the person's key does not open, what was chosen stays in the form."""
    try:
        Measure.objects.answer(form.answers, by=by, now=timezone.now())
    except Unreadable:
        logger.error("the key of %s does not open, a measure was not kept", by.pk)
        form.add_error(
            None, _("Your answers could not be kept just now. They are still here. Try again soon.")
        )
        return False
    return True


@permitted("checkins.check_in")
@require_safe
def weeks(request: PersonRequest) -> HttpResponse:
    """One's own weeks, question by question."""
    person = request.user
    return render(request, "checkins/measure_weeks.html", told(person, by=person))


@permitted("checkins.read")
@require_safe
def history(request: PersonRequest, person_id: UUID) -> HttpResponse:
    """The weeks of one's own client, with the three published sums. The look is noted (A5)."""
    own = User.objects.visible_to(request.user).cared_for_by(request.user)
    client = get_object_or_404(own, pk=person_id)
    context = {"client": client, "titles": [title for title, _names in SUMS]}
    return render(request, "checkins/measure_history.html", context | told(client, by=request.user))


def told(client: User, *, by: User) -> dict[str, Any]:
    mine = Measure.objects.filter(client=client)
    opened = mine.opened(by=by, now=timezone.now(), limit=WEEKS_SHOWN)
    rows = [{"question": item.question, "said": answers_to(item.name, opened)} for item in ITEMS]
    return {
        "opened": opened,
        "rows": [row for row in rows if row["said"]],
        "a_measure": Measure(client=client),
    }


def answers_to(name: str, opened: list[OpenedWeek]) -> list[tuple[Any, str]]:
    said = ((row.measure.week, row.answers.words(name)) for row in opened if row.answers is not None)
    return [(week, words) for week, words in said if words is not None]
