from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import clean_name
from groups.models import Group, Room


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
            "what_to_expect",
            "agreement",
            "listening_welcome",
        ]
        help_texts = {
            "purpose": _("One sentence, in words that a client would use."),
            "what_to_expect": _("What happens in the room, from the first minute to the last."),
            "agreement": _("What everyone in the group promises. People accept it when they first join."),
        }
        widgets = {"pace": forms.RadioSelect}
