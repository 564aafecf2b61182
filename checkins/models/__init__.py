from checkins.models.acceptance import Acceptance
from checkins.models.check_in import CheckIn
from checkins.models.reminder_plan import ReminderPlan

__all__ = ["Acceptance", "CheckIn", "ReminderPlan"]
