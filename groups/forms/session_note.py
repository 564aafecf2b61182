from django import forms
from django.utils.translation import gettext_lazy as _

from groups.models import SessionNote


class SessionNoteForm(forms.Form):
    """The note, and the revision that stood there when the page was opened."""

    text = forms.CharField(
        label=_("Your note"),
        help_text=_(
            "What was the session about, and what should come next? Please write about no one by name."
        ),
        required=False,
        max_length=SessionNote.LENGTH,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off"}),
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 2, widget=forms.HiddenInput)
