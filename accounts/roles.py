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
        {
            "groups.view_own",
            "groups.join_session",
            "groups.keep_feed",
            "groups.encourage",
            "journal.write_entry",
            "journal.read_entry",
            "checkins.check_in",
            "accounts.export_own",
            "accounts.delete_own",
        }
    ),
    Role.CLINICIAN: frozenset(
        {
            "groups.view_schedule",
            "groups.schedule_session",
            "groups.lead_session",
            "groups.record_attendance",
            "groups.take_leave",
            "groups.keep_members",
            "groups.write_note",
            "journal.read_shared",
            "journal.write_prompts",
            "checkins.read",
            "accounts.view_duty",
            "accounts.view_people",
            "accounts.answer_outreach",
            "accounts.invite_client",
            "accounts.issue_card",
            "accounts.open_in_emergency",
        }
    ),
    Role.EDITOR: frozenset({"faq.write", "faq.publish"}),
    Role.MANAGER: frozenset(
        {
            "groups.view_schedule",
            "groups.schedule_session",
            "groups.manage_rooms",
            "groups.manage_holidays",
            "groups.manage_boards",
            "groups.manage_leave",
            "groups.allow_overlap",
            "groups.count_attendance",
            "accounts.view_people",
            "accounts.invite_client",
            "accounts.invite_person",
            "accounts.issue_card",
            "accounts.manage_stays",
            "accounts.manage_staff",
            "accounts.read_audit",
            "accounts.view_duty",
            "accounts.manage_duty",
            "home.see_undelivered",
            "faq.write",
            "faq.publish",
            "home.edit_help_lines",
        }
    ),
}
# What is left to a client whose stay has ended, until the account closes (A6).
ALUMNI = frozenset({"journal.read_entry", "accounts.export_own", "accounts.delete_own"})
STAFF = (Role.CLINICIAN, Role.EDITOR, Role.MANAGER)
EVERY_PERMISSION = frozenset().union(*PERMISSIONS.values())
