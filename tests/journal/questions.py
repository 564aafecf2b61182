"""The questions that came with the product, as they stand in its migration."""

from datetime import timedelta
from importlib import import_module

from journal.models import Prompt
from recovery_site.demo.journal import question

shipped = import_module("journal.migrations.0003_questions")
NAMED = [(kind, *named) for kind, texts in shipped.QUESTIONS.items() for named in texts.items()]
SHIPPED = tuple(
    Prompt(pk=question(name), kind=kind, text=text, created_at=at, changed_at=at)
    for number, (kind, name, text) in enumerate(NAMED)
    for at in [shipped.BEGUN + timedelta(seconds=number)]
)
