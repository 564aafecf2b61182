from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.forms import clean_name
from faq.forms import TypedField
from faq.models import Picture
from faq.pictures import Encoded, encode

SAY = _("Say what the picture shows. Somebody who cannot see it reads these words instead.")


class WordsForm(forms.ModelForm):
    alt = TypedField(
        label=_("What it shows"),
        max_length=300,
        error_messages={"required": SAY},
        help_text=_("One sentence for those who cannot see it: “Six chairs in a circle by a window.”"),
    )
    credit = TypedField(label=_("Who made it"), max_length=120, required=False)

    class Meta:
        model = Picture
        fields = ["alt", "credit"]

    def clean_alt(self) -> str:
        if words := clean_name(self.cleaned_data["alt"]):
            return words
        raise ValidationError(SAY)


class PictureForm(WordsForm):
    file = forms.FileField(
        label=_("The picture"),
        help_text=_(
            "JPEG, PNG, WebP or GIF, at most 8 MB. We make it smaller, and leave out where it was taken."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    field_order = ["file", "alt", "credit"]

    def clean_file(self) -> Encoded:
        file: UploadedFile = self.cleaned_data["file"]
        return encode(file, file.size or 0)
