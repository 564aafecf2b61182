"""Parts of a page that stay the same: rendered once in each process, then kept."""

from typing import Any

from django import template
from django.utils.translation import get_language

register = template.Library()


class Once(template.Node):
    """It sees nothing of the page but the values named in its tag, so it can keep nothing of anybody."""

    def __init__(self, nodelist: template.NodeList, names: list[str]) -> None:
        self.nodelist = nodelist
        self.names = names
        self.kept: dict[tuple[Any, ...], str] = {}

    def render(self, context: template.Context) -> str:
        values = [context.get(name) for name in self.names]
        key = (get_language(), *values)
        if key not in self.kept:
            bare = template.Context(dict(zip(self.names, values, strict=True)))
            with bare.bind_template(context.template):  # type: ignore[arg-type]  # a node has one
                self.kept[key] = self.nodelist.render(bare)
        return self.kept[key]


@register.tag
def once(parser: template.base.Parser, token: template.base.Token) -> Once:
    """`{% once site_name nav %}…{% endonce %}`: the names are of values that take few forms, all hashable."""
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodelist, token.split_contents()[1:])
