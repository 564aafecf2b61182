from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.forms import clean_name
from groups.models import Group, Room
from groups.models.prerequisite import SESSIONS_BEFORE
from groups.refusals import ComesInACircle


class NamedForm(forms.ModelForm):
    """A row whose name is one plain line."""

    def clean_name(self) -> str:
        if name := clean_name(self.cleaned_data["name"]):
            return name
        raise ValidationError(_("Write a name."))


class RoomForm(NamedForm):
    class Meta:
        model = Room
        fields = ["name", "place", "capacity", "turnover_minutes"]
        help_texts = {"turnover_minutes": _("0 to 30. Nothing else can be planned in the room meanwhile.")}


class GroupForm(NamedForm):
    class Meta:
        model = Group
        fields = [
            "name",
            "purpose",
            "kind",
            "pace",
            "capacity",
            "admission",
            "prerequisite",
            "who_is_there",
            "what_to_expect",
            "agreement",
            "listening_welcome",
        ]
        help_texts = {
            "purpose": _("One sentence, in words that a client would use."),
            "who_is_there": _("For example: people of this house, and an interpreter on Thursdays."),
            "what_to_expect": _("What happens in the room, from the first minute to the last."),
            "agreement": _(
                "What everyone in the group promises. People accept it when they first join; "
                "a changed agreement asks everybody anew."
            ),
        }
        widgets = {"pace": forms.RadioSelect, "who_is_there": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        first = self.fields["prerequisite"]
        # One that has ended since stays: another change of the group does not take it away (B6).
        offered = Group.objects.filter(Q(ended_at=None) | Q(pk=self.instance.prerequisite_id))
        first.queryset = offered.exclude(pk=self.instance.pk)  # type: ignore[attr-defined]
        first.empty_label = _("No other group")  # type: ignore[attr-defined]
        first.help_text = _("Whoever joins was there %(times)d times before.") % {"times": SESSIONS_BEFORE}

    def clean_prerequisite(self) -> Group | None:
        first: Group | None = self.cleaned_data["prerequisite"]
        if first is not None:
            asked = Group(pk=self.instance.pk, prerequisite_id=first.pk)
            try:
                asked.refuse_circles(Group.objects.in_bulk())
            except ComesInACircle as refusal:
                raise ValidationError(str(refusal)) from refusal
        return first
