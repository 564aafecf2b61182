"""The line "who can see this", for templates; also for apps that cannot import this one."""

from typing import Any

from django import template
from django.apps import apps
from django.db.models import Model

from accounts import who

register = template.Library()


@register.inclusion_tag("components/who.html", takes_context=True)
def who_can_see(context: template.Context, row: Model, more: str = "") -> dict[str, Any]:
    """Everybody who can see this row, by name. `more` follows as a sentence of its own."""
    return line(who.who_can_see(row, reader=context["request"].user), more)


@register.inclusion_tag("components/who.html", takes_context=True)
def who_can_see_each(context: template.Context, label: str, more: str = "") -> dict[str, Any]:
    """For a list of rows of the model `label` ("groups.Booking") that have different readers."""
    return line(who.who_can_see_each(apps.get_model(label), reader=context["request"].user), more)


def line(sentence: str, more: str) -> dict[str, Any]:
    return {"text": f"{sentence} {more}".strip()}
