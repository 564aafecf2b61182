"""The order of topics, and of questions within a topic: by buttons, and by dragging where scripts run."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import permitted
from accounts.http import see_other
from faq.models import Question, Topic


@permitted("faq.write")
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    topics: dict[UUID, tuple[Topic, list[Question]]] = {
        topic.pk: (topic, []) for topic in Topic.objects.in_order()
    }
    questions = Question.objects.visible_to(request.user).at_hand().order_by("order", "title", "id")
    for question in questions.only("title", "state", "topic"):
        topics[question.topic_id][1].append(question)
    return render(request, "faq/order_list.html", {"topics": topics.values()})


@permitted("faq.write")
@require_POST
def question_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    return moved(request, get_object_or_404(Question.objects.visible_to(request.user), pk=pk))


@permitted("faq.write")
@require_POST
def topic_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    return moved(request, get_object_or_404(Topic, pk=pk))


def moved(request: HttpRequest, row: Question | Topic) -> HttpResponse:
    """What is no place moves nothing: `move` decides, and the page shows how it stands."""
    row.move(request.POST.get("to", "")[:40])
    messages.success(request, _("“%(name)s” has its place.") % {"name": row})
    return see_other(f"{reverse('faq:order_list')}#row-{row.pk}")
