"""The line that a form with words carries, so that they are never lost (J4); for every app's templates."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import unsent

register = template.Library()


@register.simple_tag(takes_context=True)
def writer(context: template.Context) -> SafeString:
    """Whose words these are, should they come when nobody is signed in any more. It opens nothing."""
    person = context["request"].user
    if not person.is_authenticated:
        return SafeString("")
    return format_html('<input type="hidden" name="{}" value="{}">', unsent.WRITER, unsent.token_of(person))
