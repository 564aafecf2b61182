from django.db import migrations

ADD = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE groups_session ADD CONSTRAINT one_session_in_a_room
EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, room_free_at) WITH &&) WHERE (cancelled_at IS NULL);
"""
REMOVE = "ALTER TABLE groups_session DROP CONSTRAINT one_session_in_a_room;"


def on_postgresql(sql):
    """SQLite has no exclusion constraints; there the lock and the second look of clashes.py are the guard."""

    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("groups", "0001_initial")]

    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(REMOVE))]
