import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import ProseEditorWidget

from accounts.forms import clean_name
from faq.figures import without_words
from faq.models import Article, Piece, Question, Source, Topic, Writing
from faq.models.text import SLUG_LENGTH
from faq.sanitiser import UNSEEN, clean_html, plain_text

TOO_LONG = _("This is longer than we can keep. Please use at most %(limit_value)d characters.")
LONGEST_BODY = 100_000  # characters, HTML included
FIRST_REVIEW, LAST_REVIEW = date(2000, 1, 1), date(2100, 1, 1)

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
        "Image": True,
        "Caption": True,
        "Figure": True,  # put in by static/js/picture.js
        "Link": {"enableTarget": False, "protocols": ["https", "mailto", "tel"]},
        # Buttons only: the menu for kinds of paragraph cannot be reached with the keyboard.
        "Menu": {"groups": [{"group": name} for name in MENU]},
    }
}


class TypedField(forms.CharField):
    """Plain words: control characters go, but NUL is refused as everywhere."""

    def to_python(self, value: Any) -> str:
        return UNSEEN.sub("", super().to_python(value) or "")


class DayField(forms.DateField):
    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": _("Write a day like 2026-11-24.")},
            **kwargs,
        )


@dataclass
class Group:
    """Fields that do not concern the writing itself: folded away until somebody wants them."""

    label: Any
    fields: list[BoundField]

    @property
    def wrong(self) -> bool:
        return any(field.errors for field in self.fields)


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
    reviewed_on = DayField(_("Last reviewed on"))
    review_by = DayField(
        _("Look at it again by"), help_text=_("We remind editors when this day comes. Readers do not see it.")
    )
    slug = forms.SlugField(
        label=_("Address"),
        max_length=SLUG_LENGTH,
        required=False,
        help_text=_(
            "The last part of the web address. Leave it empty and it follows the title. "
            "Who comes by an old address is led to the new one."
        ),
        error_messages={
            "invalid": _("Use the letters a to z, numbers and hyphens, with no spaces."),
            "max_length": TOO_LONG,
        },
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    folded: ClassVar[list[tuple[Any, list[str]]]] = [
        (_("Who wrote and checked it"), ["byline", "reviewer", "reviewed_on", "review_by"]),
        (_("Where readers find it"), ["slug", "for_families", "questions", "related", "order"]),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen", self.instance.revision)
        self.initial.setdefault("token", self.instance.client_token)

    def plain_fields(self) -> list[BoundField]:
        folded = {name for _label, names in self.folded for name in names}
        return [field for field in self.visible_fields() if field.name not in folded]

    def groups(self) -> Iterator[Group]:
        for label, names in self.folded:
            yield Group(label, [self[name] for name in names if name in self.fields])

    @property
    def token_now(self) -> uuid.UUID:
        """Which text this form writes, also where what came is no token at all."""
        try:
            return forms.UUIDField().clean(self["token"].value()) or self.instance.client_token
        except ValidationError:
            return self.instance.client_token

    def over(self, stored: Writing) -> Self:
        """The same typed text, to be kept over what somebody else has saved meanwhile."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["seen"] = str(stored.revision)
        self.data = typed
        return self

    def place(self) -> None:
        """Its place in a list, for what has one."""

    def validate_constraints(self) -> None:
        """Left to `write`, which sees who has had an address once, and knows a form that is sent again."""

    def clean_title(self) -> str:
        if title := clean_name(self.cleaned_data["title"]):
            return title
        raise ValidationError(_("Write a title."))

    def clean_body(self) -> str:
        if without_words(self.cleaned_data["body"]):
            raise ValidationError(_("A picture in the text says nothing to those who cannot see it."))
        body = clean_html(self.cleaned_data["body"])
        if not plain_text(body):
            raise ValidationError(_("There is nothing here to read yet."))
        return body

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"].lower()

    def clean_reviewed_on(self) -> date | None:
        day = self.cleaned_data["reviewed_on"]
        if day and not FIRST_REVIEW <= day <= timezone.localdate():
            raise ValidationError(_("Choose a day that has been, after the year 2000."))
        return day

    def clean_review_by(self) -> date | None:
        """A day that has passed meanwhile may stay: it says that the text is due."""
        day = self.cleaned_data["review_by"]
        if day and "review_by" in self.changed_data and not timezone.localdate() < day < LAST_REVIEW:
            raise ValidationError(_("Choose a day that is still to come, before the year 2100."))
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


CHECKED = ["reviewer", "reviewed_on", "review_by"]


class QuestionForm(PieceForm):
    order = forms.IntegerField(
        label=_("Place within its topic"),
        required=False,
        min_value=0,
        max_value=32_767,
        help_text=_("Small numbers come first. Leave it empty and it comes last."),
        show_hidden_initial=True,
    )

    class Meta:
        model = Question
        fields = ["title", "topic", "body", "sources", *CHECKED, "slug", "for_families"]
        field_classes = {"reviewer": TypedField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("Question")
        self.fields["body"].label = _("Answer")
        if self.instance.revision:
            self.initial.setdefault("order", self.instance.order)

    def place(self) -> None:
        """Only where it was typed here: the list may have been put in order since the page came."""
        if "order" in self.changed_data or self.instance.revision == 1:
            self.instance.put(self.cleaned_data["order"])


class ArticleForm(PieceForm):
    summary = TypedField(
        label=_("Summary"),
        max_length=400,
        error_messages={"max_length": TOO_LONG},
        help_text=_("One or two sentences, shown under the title and in lists."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    questions = forms.ModelMultipleChoiceField(
        Question.objects.by_topic().defer("body", "search_text", "sources"),
        label=_("Common questions under it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Readers see those that are published."),
    )
    related = forms.ModelMultipleChoiceField(
        Article.objects.only("title").order_by("title", "id"),
        label=_("Articles to read next"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Readers see those that are published."),
    )

    class Meta:
        model = Article
        fields = [
            *("title", "topic", "summary", "body", "sources", "byline", *CHECKED),
            *("slug", "for_families", "questions", "related"),
        ]
        field_classes = {"byline": TypedField, "reviewer": TypedField}
        help_texts = {"byline": _("For example: By the clinical team.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        related = self.fields["related"]
        related.queryset = related.queryset.exclude(pk=self.instance.pk)  # type: ignore[attr-defined]


FORMS: dict[type[Piece], type[PieceForm]] = {Article: ArticleForm, Question: QuestionForm}


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
