from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import clean_name
from journal.models import Kind, Prompt

TOO_LONG = _("This is too long for a question. Up to %(longest)s letters fit.")


class PromptForm(forms.Form):
    """A new question, or other words for one that has its set already."""

    kind = forms.ChoiceField(
        label=_("Set"),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the sets."),
            "invalid_choice": _("Choose one of the sets."),
        },
    )
    text = forms.CharField(
        label=_("The question"),
        help_text=_("Short, in plain words, and easy to leave aside."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Write the question first.")},
    )

    def __init__(self, *args: Any, prompt: Prompt | None = None, **options: Any) -> None:
        if prompt:
            options["initial"] = {"text": prompt.text}
        super().__init__(*args, **options)
        if prompt:
            del self.fields["kind"]

    def clean_text(self) -> str:
        text = clean_name(" ".join(self.cleaned_data["text"].split()))
        if not text:
            raise ValidationError(_("Write the question first."), "required")
        if len(text) > Prompt.LENGTH:
            raise ValidationError(TOO_LONG, "too_long", {"longest": Prompt.LENGTH})
        return text
