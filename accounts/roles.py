"""What each role may do: the one table behind `has_perm`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CLIENT = "client", _("Client")
    CLINICIAN = "clinician", _("Clinician")
    EDITOR = "editor", _("Editor")
    MANAGER = "manager", _("Manager")


PERMISSIONS: dict[str, frozenset[str]] = {
    Role.CLIENT: frozenset(
        {"groups.view_own", "groups.join_session", "journal.write_entry", "checkins.check_in"}
    ),
    Role.CLINICIAN: frozenset(
        {
            "groups.view_schedule",
            "groups.schedule_session",
            "groups.lead_session",
            "groups.record_attendance",
            "accounts.view_people",
            "accounts.answer_outreach",
        }
    ),
    Role.EDITOR: frozenset({"faq.write", "faq.publish"}),
    Role.MANAGER: frozenset(
        {
            "groups.view_schedule",
            "groups.schedule_session",
            "groups.manage_rooms",
            "accounts.view_people",
            "accounts.invite_person",
            "faq.write",
            "faq.publish",
            "home.edit_help_lines",
        }
    ),
}
STAFF = (Role.CLINICIAN, Role.EDITOR, Role.MANAGER)
EVERY_PERMISSION = frozenset().union(*PERMISSIONS.values())
