from django.db import migrations

from recovery_site.home.default_lines import DEFAULT_LINES, REVIEWED_ON


def add(apps, schema_editor):
    HelpLine = apps.get_model("home", "HelpLine")
    if not HelpLine.objects.exists():
        HelpLine.objects.bulk_create(
            HelpLine(reviewed_on=REVIEWED_ON, order=10 * place, **line)
            for place, line in enumerate(DEFAULT_LINES, start=1)
        )


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
