"""How a text would read, while it is still being written."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from faq.forms import LONGEST_BODY, PieceForm
from faq.models import Piece, Question
from faq.sanitiser import clean_html

WORDS = ("title", "summary", "byline", "reviewer", "sources")


def look(form: PieceForm) -> dict[str, Any]:
    """What stands in the form, right or wrong, as readers would see it, and the hints to it (F4)."""
    text = as_read(form)
    return {"text": text, "reading": text.reading, "is_question": isinstance(text, Question)}


def as_read(form: PieceForm) -> Piece:
    """A piece that is nowhere kept. Its address is only a stand-in."""
    piece = type(form.instance)()
    for name in WORDS:
        if name in form.fields:
            setattr(piece, name, str(form[name].value() or ""))
    piece.body = clean_html(str(form["body"].value() or "")[:LONGEST_BODY])
    piece.reviewed_on = read(form["reviewed_on"])
    piece.slug = form.instance.slug or "preview"
    topic, kept = str(form["topic"].value() or ""), form.instance
    same = topic and topic == str(kept.topic_id)
    if found := kept.topic if same else read(form["topic"]):
        piece.topic = found
    piece.count()
    return piece


def read(field: BoundField) -> Any:
    try:
        return field.field.clean(field.value())
    except ValidationError:
        return None
