"""The line that a form with words carries, so that they are never lost (J4); for every app's templates."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts import unsent

register = template.Library()


@register.simple_tag(takes_context=True)
def writer(context: template.Context, *views: str) -> SafeString:
    """Whose words these are, should they come when nobody is signed in any more. It opens nothing.

    `views` are those to which the form goes, beside the one that shows it. What had waited, was sent again
    and was not taken is named once more, so that it goes when it is.
    """
    request = context["request"]
    if not request.user.is_authenticated:
        return SafeString("")
    shown_by = request.resolver_match.view_name if request.resolver_match else ""
    fields = [(unsent.WRITER, unsent.token_of(request.user, shown_by, *views))]
    if again := request.POST.get(unsent.SENT_AGAIN):
        fields.append((unsent.SENT_AGAIN, again))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)
