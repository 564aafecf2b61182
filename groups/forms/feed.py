from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import clean_name
from groups.models import CalendarFeed, HouseBoard


class FeedForm(forms.ModelForm):
    """`instead_of` is the address that was standing when the page was opened, or nothing: a form that is
    sent twice makes one."""

    instead_of = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = CalendarFeed
        fields = ["shows_detail"]
        labels = {"shows_detail": _("Show the group and the room")}
        help_texts = {
            "shows_detail": _(
                "Whoever sees your calendar then reads it too: a partner, a shared computer, the company "
                "that runs the calendar. The name of a group can say why you are here."
            )
        }


class HouseBoardForm(forms.ModelForm):
    class Meta:
        model = HouseBoard
        fields = ["label"]
        labels = {"label": _("Where the screen hangs")}
        help_texts = {"label": _("So that you can tell the screens apart. It stands on the screen too.")}

    def clean_label(self) -> str:
        """So also a form that is sent twice makes one."""
        label = clean_name(self.cleaned_data["label"])
        if not label:
            raise forms.ValidationError(self.fields["label"].error_messages["required"])
        if HouseBoard.objects.standing().filter(label__iexact=label).exists():
            raise forms.ValidationError(
                _("A screen of this name is there already. Its address was shown once.")
            )
        return label
