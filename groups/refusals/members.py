"""Why somebody cannot be a member of a group, or ask for it (B6)."""

from django.utils.translation import gettext_lazy

from groups.refusals.refused import Refused


class MemberAlready(Refused):
    message = gettext_lazy("They are a member of this group already.")


class YouAreIn(MemberAlready):
    message = gettext_lazy("You are a member of this group already.")


class NotStaying(Refused):
    message = gettext_lazy("Only people who live here now can be members of a group.")


class OpenToAll(Refused):
    message = gettext_lazy("This group has no members of its own. People join each session by themselves.")


class AnsweredAlready(Refused):
    message = gettext_lazy("This request has its answer already.")
