import uuid
from datetime import date
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget

from accounts.forms import clean_name
from faq.models import Article, Piece, Question, Source, Topic
from faq.sanitiser import UNSEEN, clean_html, plain_text

TOO_LONG = _("This is longer than we can keep. Please use at most %(limit_value)d characters.")
LONGEST_BODY = 100_000  # characters, HTML included
FIRST_REVIEW = date(2000, 1, 1)

# What the editor's buttons can do; faq.sanitiser keeps exactly this.
MENU = ["headings", "lists", "nodes -headings -lists -blockType", "marks", "link", "history"]
EDITOR = {
    "extensions": {
        "Bold": True,
        "Italic": True,
        "Heading": {"levels": [2, 3]},
        "BulletList": True,
        "OrderedList": {"enableListAttributes": False},
        "ListItem": True,
        "Blockquote": True,
        "HorizontalRule": True,
        "HardBreak": True,
        "Link": {"enableTarget": False, "protocols": ["https", "mailto", "tel"]},
        # Buttons only: the menu for kinds of paragraph cannot be reached with the keyboard.
        "Menu": {"groups": [{"group": name} for name in MENU]},
    }
}


class TypedField(forms.CharField):
    """Plain words: control characters go, but NUL is refused as everywhere."""

    def to_python(self, value: Any) -> str:
        return UNSEEN.sub("", super().to_python(value) or "")


class PieceForm(forms.ModelForm):
    title = TypedField(label=_("Title"), max_length=150, error_messages={"max_length": TOO_LONG})
    topic = forms.ModelChoiceField(
        Topic.objects.in_order(), label=_("Topic"), empty_label=_("Choose a topic")
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_BODY,
        error_messages={"max_length": TOO_LONG},
        widget=ProseEditorWidget(config=EDITOR, preset="configurable", attrs={"rows": 18}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen", self.instance.revision)

    def over(self, stored: Piece) -> Self:
        """The same typed text, to be kept over what somebody else has saved meanwhile."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["seen"] = str(stored.revision)
        self.data = typed
        return self

    def clean_title(self) -> str:
        if title := clean_name(self.cleaned_data["title"]):
            return title
        raise ValidationError(_("Write a title."))

    def clean_body(self) -> str:
        body = clean_html(self.cleaned_data["body"])
        if not plain_text(body):
            raise ValidationError(_("There is nothing here to read yet."))
        return body


class QuestionForm(PieceForm):
    class Meta:
        model = Question
        fields = ["title", "topic", "body", "order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("Question")
        self.fields["body"].label = _("Answer")


class ArticleForm(PieceForm):
    summary = TypedField(
        label=_("Summary"),
        max_length=400,
        error_messages={"max_length": TOO_LONG},
        help_text=_("One or two sentences, shown under the title and in lists."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sources = TypedField(
        label=_("Sources"),
        max_length=10_000,
        error_messages={"max_length": TOO_LONG},
        required=False,
        help_text=_(
            "One on each line, with its web address at the end if there is one. "
            "A claim about health needs a source here, or the words “our view” in the text."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    reviewed_on = forms.DateField(
        label=_("Last reviewed on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a day like 2026-11-24.")},
    )
    questions = forms.ModelMultipleChoiceField(
        Question.objects.by_topic(),
        label=_("Common questions under it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Readers see those that are published."),
    )

    class Meta:
        model = Article
        fields = ["title", "topic", "summary", "body", "byline", "reviewed_on", "sources", "questions"]
        field_classes = {"byline": TypedField}
        help_texts = {"byline": _("For example: By the clinical team.")}

    def clean_reviewed_on(self) -> date | None:
        day = self.cleaned_data["reviewed_on"]
        if day and not FIRST_REVIEW <= day <= timezone.localdate():
            raise ValidationError(_("Choose a day that has been, after the year 2000."))
        return day

    def clean_sources(self) -> str:
        lines = [" ".join(line.split()) for line in self.cleaned_data["sources"].splitlines()]
        for line in filter(None, lines):
            if "://" in line and not Source.from_line(line).host:
                raise ValidationError(
                    _("Put the web address last on its line, beginning with https://. See: %(line)s"),
                    params={"line": line[:80]},
                )
        return "\n".join(filter(None, lines))


class TopicForm(forms.ModelForm):
    class Meta:
        model = Topic
        fields = ["name", "order"]

    def clean_name(self) -> str:
        if name := clean_name(self.cleaned_data["name"]):
            return name
        raise ValidationError(_("Write a name."))


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        error_messages={
            "max_length": _("Please search for fewer words: at most %(limit_value)d characters.")
        },
        widget=forms.SearchInput(attrs={"autocomplete": "off", "enterkeyhint": "search"}),
    )
