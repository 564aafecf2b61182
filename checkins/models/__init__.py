from checkins.models.acceptance import Acceptance
from checkins.models.check_in import CheckIn
from checkins.models.measure import Measure
from checkins.models.reminder_plan import ReminderPlan

__all__ = ["Acceptance", "CheckIn", "Measure", "ReminderPlan"]
