from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("faq", "0003_what_is_public")]

    operations = [
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "review"]),
                    models.Q(
                        ("approved_by__isnull", False),
                        models.Q(("approved_by", models.F("updated_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="article_read_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "review"]),
                    models.Q(
                        ("approved_by__isnull", False),
                        models.Q(("approved_by", models.F("updated_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="question_read_by_a_second_person",
            ),
        ),
        migrations.RemoveField(
            model_name="article",
            name="published_by",
        ),
        migrations.RemoveField(
            model_name="question",
            name="published_by",
        ),
    ]
