from django.db import migrations

# VACUUM FULL is its owner's alone before PostgreSQL 17, and runs in no function; CLUSTER writes the table anew, too.
MAKE = """
CREATE FUNCTION accounts_rewrite_keys(keys text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF keys NOT IN ('accounts_datakey', 'groups_groupkey') THEN
        RAISE EXCEPTION '% holds no keys', keys;
    END IF;
    EXECUTE format('CLUSTER public.%I USING %I', keys, keys || '_pkey');
END $$
"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MAKE, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION accounts_rewrite_keys(text)")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_language")]

    operations = [migrations.RunPython(make, drop)]
