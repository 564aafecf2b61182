import logging
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from accounts.models import User
from accounts.vault import Unreadable
from checkins import outreach
from checkins.first_use import ANSWERS, explained
from checkins.forms import CheckInForm, ReminderPlanForm
from checkins.models import Acceptance, CheckIn, ReminderPlan
from checkins.picture import WEEKS, Picture, small_pictures, weeks_asked_for
from checkins.rules import sentences as sentences_of_silence
from notifications import ways
from notifications.channels.mail import words

logger = logging.getLogger(__name__)

PICTURE_DAYS = 28


@permitted("checkins.check_in")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@explained
def check_in(request: PersonRequest) -> HttpResponse:
    now, form, status = timezone.now(), None, 200
    if request.method == "POST":
        form = CheckInForm(request.POST, today=request.user.local_day(now))
        if not form.is_valid():
            status = 422
        elif not kept(form, by=request.user, now=now):
            status = 422 if request.htmx else 503  # htmx shows no 503: one may come from a proxy
        elif not request.htmx:
            return see_other("checkins:check_in")
        else:
            form = None
    template = "checkins/check_in.html"
    if request.htmx:
        template += "#check-in"
    return render(request, template, day_context(request, form), status=status)


def kept(form: CheckInForm, *, by: User, now: datetime) -> bool:
    """Where the person's key does not open, the words stay in the form and asking for someone still works."""
    try:
        CheckIn.objects.answer(form.answers, by=by, now=now)
    except Unreadable:
        logger.error("the key of %s does not open, a check-in was not kept", by.pk)
        if form.answers.asks_for_someone:
            CheckIn.objects.ask(by=by, now=now)
        form.add_error(
            None, _("Your answers could not be kept just now. They are still here. Try again soon.")
        )
        return False
    return True


def day_context(request: PersonRequest, form: CheckInForm | None) -> dict[str, Any]:
    """The check-in of today as it stands, with the form that begins or changes it."""
    now = timezone.now()
    opened = CheckIn.objects.visible_to(request.user).of_day(request.user, by=request.user, now=now)
    said = opened.answers if opened else None
    day = request.user.local_day(now)
    readers = list(outreach.readers(request.user))
    return {
        "day": day,
        "opened": opened,
        "said": said,
        "form": form or CheckInForm(initial=said.given() if said else None, today=day),
        "day_ends": time_format(time(settings.DAY_ENDS_AT_HOUR)),
        "who_reads": outreach.who_reads(request.user, readers),
        "who_comes": outreach.who_comes(readers),
        "outreach": outreach.standing(opened.check_in) if opened else None,
    }


@permitted("checkins.check_in")
@require_POST
@sensitive_post_parameters()
def acceptance(request: PersonRequest) -> HttpResponse:
    """How check-ins are read has been read (K9). Answers that waited for it go their way now."""
    Acceptance.objects.accept(by=request.user, version=request.POST.get("version", ""), now=timezone.now())
    if any(name in request.POST for name in ANSWERS):
        return check_in(request)
    return see_other("home:first_steps" if "first_steps" in request.POST else "checkins:check_in")


@permitted("checkins.check_in")
@require_POST
def not_today(request: PersonRequest) -> HttpResponse:
    CheckIn.objects.skip(by=request.user, now=timezone.now())
    return see_other("checkins:check_in")


@permitted("checkins.check_in")
@require_POST
def wish(request: PersonRequest) -> HttpResponse:
    """Someone to talk to, once more."""
    CheckIn.objects.ask(by=request.user, now=timezone.now())
    return see_other("checkins:check_in")


@permitted("checkins.check_in")
@require_safe
def history(request: PersonRequest) -> HttpResponse:
    """Four weeks, or `?weeks=`, up to today or `?until=`. One's own alone, whoever else may read them."""
    person = request.user
    today = person.local_day(timezone.now())
    until = day_asked_for(request.GET.get("until"), today)
    weeks = weeks_asked_for(text) if (text := request.GET.get("weeks")) else None
    length = 7 * weeks if weeks else PICTURE_DAYS
    mine = CheckIn.objects.visible_to(person).filter(client=person)
    days = mine.days(person, by=person, until=until, days=length)
    first = days[0].day
    context = {
        "picture": Picture([(row.day, row.answers.mood if row.answers else None) for row in days]),
        "small": small_pictures(days),
        "weeks": weeks,
        "choices": WEEKS,
        "days": [row for row in reversed(days) if row.check_in],
        "who_reads": outreach.who_can_read(person, list(outreach.readers(person))),
        "earlier": first - timedelta(days=1) if mine.filter(day__lt=first).exists() else None,
        "later": min(until + timedelta(days=length), today) if until < today else None,
    }
    return render(request, "checkins/check_in_history.html", context)


@permitted("checkins.check_in")
@require_safe
def rules(request: PersonRequest) -> HttpResponse:
    """When we do not hear from you (K6)."""
    ends = time(settings.DAY_ENDS_AT_HOUR)
    context = {"sentences": sentences_of_silence(request.user), "ends": ends}
    return render(request, "checkins/rules.html", context)


def day_asked_for(text: str | None, today: date) -> date:
    """Raises Http404 for what is no day, lies ahead, or lies before anybody could check in."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise Http404 from None
    if not date(2000, 1, 1) <= day <= today:
        raise Http404
    return day


@permitted("checkins.check_in")
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_plan(request: PersonRequest) -> HttpResponse:
    now = timezone.now()
    plan = ReminderPlan.objects.for_client(request.user)
    data = request.POST if request.method == "POST" else None
    form = ReminderPlanForm(data, plan=plan, today=plan.client.local_day(now))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            plan.change(by=request.user, now=now, **form.choices)
            if channel := form.cleaned_data.get("channel"):
                ways.choose(request.user, channel=channel)
        messages.success(request, _("Kept."))
        return see_other("checkins:reminder_plan")
    status = 422 if form.errors else 200
    return render(request, "checkins/reminder_plan.html", plan_context(form, plan, now), status=status)


def plan_context(form: ReminderPlanForm, plan: ReminderPlan, now: datetime) -> dict[str, Any]:
    subject, body = words(_("(a link that only you can open)"))
    zone, coming = plan.client.zone, plan.coming(now)
    return {
        "form": form,
        "plan": plan,
        "next_words": coming and date_format(coming.astimezone(zone), "l, j F, P"),
        "mail": {"sender": settings.DEFAULT_FROM_EMAIL, "subject": subject, "body": body},
        "quiet": form.quiet,
        "zone_words": zone.key.replace("_", " "),
    }
