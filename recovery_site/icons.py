"""The icons of lucide, each drawn once and kept: to draw one anew costs as much as a tenth of a query."""

from functools import cache
from typing import Any

from django import template
from lucide.templatetags.lucide import lucide as draw

register = template.Library()


@register.simple_tag
@cache
def lucide(name: str, **attributes: Any) -> str:
    """Inline SVG. `name` and the attributes are constants of templates, so the cache stays small."""
    return draw(name, **attributes)
