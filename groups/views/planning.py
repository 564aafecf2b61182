import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.gates import permitted
from accounts.http import PersonRequest, see_other
from groups.board import week_of
from groups.clashes import Clashes
from groups.forms import GroupForm, SeriesForm
from groups.forms.clashes import ClashForm, answer_in
from groups.forms.planning import ASKED
from groups.forms.saving import taken_meanwhile
from groups.models import Series
from groups.preview import Preview
from groups.refusals import GroupOver, HasLeft, NothingToPlan, PlannedBefore, Refused, RoomClosed

BESIDE: dict[type[Refused], str] = {NothingToPlan: "ends", GroupOver: "group", RoomClosed: "room"}


@permitted("groups.schedule_session")
def series_create(request: PersonRequest) -> HttpResponse:
    form, group_form = series_forms(request)
    if request.method == "POST" and form.is_valid():
        # A new group sent twice is there already, so its form is no longer valid.
        sent_before = Series.objects.filter(client_token=form.cleaned_data["client_token"])
        if form.cleaned_data["group"] or group_form.is_valid() or sent_before.exists():
            return plan(request, form, group_form)
    return series_page(request, form, group_form)


def plan(request: PersonRequest, form: SeriesForm, group_form: GroupForm) -> HttpResponse:
    try:
        with taken_meanwhile(group_form):
            return planned(request, form, group_form)
    except Clashes as error:
        clash_form = ClashForm(error.found, by=request.user, data=request.POST)
        return series_page(request, form, group_form, clash_form)
    except (NothingToPlan, HasLeft) as refusal:
        beside = (name for kind, name in BESIDE.items() if isinstance(refusal, kind))
        form.add_error(next(beside, "lead"), str(refusal))
    except PlannedBefore as refusal:
        form.add_error(None, str(refusal))
        form.data = request.POST.copy()
        form.data["client_token"] = str(uuid.uuid4())  # sent once more, it is a plan of its own
    return series_page(request, form, group_form)


def planned(request: PersonRequest, form: SeriesForm, group_form: GroupForm) -> HttpResponse:
    series, answer = form.series(form.cleaned_data["group"] or group_form.instance), answer_in(request.POST)
    number = series.schedule(leads=form.leads(), by=request.user, now=timezone.now(), answer=answer)
    done = ngettext("One session is planned.", "%d sessions are planned.", number)
    messages.success(request, done % number if number > 1 else done)
    return see_other_week(series)


@require_POST
@permitted("groups.schedule_session")
def series_dates(request: PersonRequest) -> HttpResponse:
    """The next dates of a series that is still being typed; nothing is saved."""
    form, group_form = series_forms(request)
    context = {"form": form, "group_form": group_form, "preview": Preview(form, timezone.now())}
    template = "groups/series_form.html" + ("#dates" if request.htmx else "")
    return render(request, template, context)


def series_page(
    request: PersonRequest, form: SeriesForm, group_form: GroupForm, clash_form: ClashForm | None = None
) -> HttpResponse:
    wrong = request.method == "POST"
    context = {
        "form": form,
        "group_form": group_form,
        "clash_form": clash_form,
        "preview": Preview(form, timezone.now()) if form.is_bound else None,
        "is_asked": not wrong and not request.GET.keys().isdisjoint(ASKED),
    }
    return render(request, "groups/series_form.html", context, status=422 if wrong else 200)


def series_forms(request: PersonRequest) -> tuple[SeriesForm, GroupForm]:
    given = request.POST if request.method == "POST" else None
    initial = SeriesForm.asked(request.GET, by=request.user) if given is None else None
    chosen = request.POST.get("group")
    # Not required by the browser: it cannot know whether a group was chosen.
    group_form = GroupForm(None if chosen else given, prefix="new", use_required_attribute=False)
    return SeriesForm(given, initial=initial), group_form


def see_other_week(series: Series) -> HttpResponse:
    return see_other(f"{reverse('groups:schedule')}?week={week_of(series.start_date)}")
