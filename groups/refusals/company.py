"""Why somebody cannot be seen, or cannot be sent something. Never why the other person is out of reach."""

from django.utils.translation import gettext_lazy

from groups.refusals.refused import Refused


class NamedFirst(Refused):
    message = gettext_lazy("People need to see your name before they can send you something.")


class SentToday(Refused):
    message = gettext_lazy("You have sent them something today. Tomorrow you can again.")


class NotToThem(Refused):
    message = gettext_lazy(
        "You cannot send them something just now. Choose somebody else, or come back later."
    )
