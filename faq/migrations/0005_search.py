from django.db import migrations, models

from faq.folding import searchable
from faq.sanitiser import plain_text
from faq.search_index import install, remove


def fold_again(apps, schema_editor):
    """With the stems, which the folded words did not have."""
    for kind in ("Article", "Question", "Release"):
        model = apps.get_model("faq", kind)
        for row in model.objects.only("title", "summary", "body").iterator(chunk_size=200):
            model.objects.filter(pk=row.pk).update(
                search_title=searchable(row.title),
                search_text=searchable(row.title, row.summary, plain_text(row.body)),
            )


class Migration(migrations.Migration):
    dependencies = [("faq", "0004_a_second_reader")]

    operations = [
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.RunPython(fold_again, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
