from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recovery_site.home.models import HelpLine, House, LastHelpLine


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


class HouseForm(forms.ModelForm):
    class Meta:
        model = House
        fields = ["phone", "hours", "email", "address"]
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}


class EmergencyForm(forms.Form):
    """Why a clinician opens the page of a client whom others care for (A10)."""

    WORDS = 3

    reason = forms.CharField(
        label=_("What has happened?"),
        help_text=_("The client and the care team can read this. Please name no other person."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"]
        if len(reason.split()) < self.WORDS:
            raise ValidationError(_("Write a few more words, so that others understand why."))
        return reason
