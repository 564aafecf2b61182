from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from recovery_site.home.models import HelpLine, LastHelpLine


class HelpLineForm(forms.ModelForm):
    class Meta:
        model = HelpLine
        fields = [
            "name",
            "number",
            "sms",
            "sms_word",
            "chat",
            "hours",
            "language",
            "note",
            "country",
            "order",
            "active",
        ]

    def kept(self, *, by: User, now: datetime) -> bool:
        """Whether the line was saved. That the last line must stay on is told beside its own field."""
        if not self.is_valid():
            return False
        try:
            self.instance.keep(by=by, now=now)
        except ValidationError as error:
            self.add_error("active" if isinstance(error, LastHelpLine) else None, error)
        return not self.errors
