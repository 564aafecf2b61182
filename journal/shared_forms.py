from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from journal.forms import QUIET, TokenField, WordsField
from journal.models import Reply


class AnswerForm(forms.Form):
    """What a clinician answers to a shared page (J3)."""

    text = WordsField(
        label=_("Your answer"),
        longest=Reply.LENGTH,
        error_messages={"required": _("Write a few words first. They can be very few.")},
        widget=forms.Textarea(attrs={**QUIET, "rows": 5}),
    )
    client_token = TokenField(required=False, initial=uuid4)

    def typed(self) -> str:
        """The words as they stand in the form, good or not."""
        return str(self["text"].value() or "")
