from typing import Any

from django import forms
from django.utils.text import normalize_newlines

from journal.forms import RevisionField, TokenField


class Typed(forms.Field):
    """Words as they stand: a draft takes what the form would refuse."""

    def to_python(self, value: Any) -> str:
        return normalize_newlines(str(value or "").replace("\0", ""))


class DraftForm(forms.Form):
    """What stands in the writing page. What cannot be read is left out, never refused."""

    client_token = TokenField(required=False)
    seen = RevisionField(required=False)
    entry = forms.UUIDField(required=False)
    revision = RevisionField(required=False)
    written_on = forms.DateField(required=False)
    title = Typed(required=False)
    text = Typed(required=False)
    prompt = Typed(required=False)
    let_go = forms.BooleanField(required=False)
