from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class PriorityForm(forms.Form):
    """Why somebody comes first in a waitlist (B2)."""

    WORDS = 3

    reason = forms.CharField(
        label=_("Why do they come first?"),
        help_text=_(
            "Their care team and those who lead the session can read this. "
            "It is in what the client can download, too. Please name no other person."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if len(reason.split()) < self.WORDS:
            raise ValidationError(_("Write a few more words, so that others understand why."))
        return reason
