"""Why nothing can be done about a waitlist."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from groups.refusals.refused import Refused


class WaitsNoMore(Refused):
    message = gettext_lazy("They do not wait for a place here any more.")
