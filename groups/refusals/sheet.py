"""Why somebody cannot be put on an attendance sheet (B7)."""

from django.utils.translation import gettext_lazy as _

from groups.refusals.refused import Refused


class OnTheSheet(Refused):
    message = _("This person is on the sheet already. Mark them there.")


class NotAtHome(Refused):
    message = _("This person did not live here on that day.")
