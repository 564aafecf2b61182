from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from faq.sanitiser import clean_html


class CleanHTMLField(models.TextField):
    """HTML that is cleaned on every way into the database: save, bulk_create and update alike."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        cleaned = clean_html(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, cleaned)
        return cleaned

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return super().get_db_prep_save(clean_html(value) if isinstance(value, str) else value, connection)
