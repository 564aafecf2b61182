"""Rooms and people are guarded by PostgreSQL itself, whoever writes and in whatever way (C1, C2).

SQLite has no exclusion constraints: there the immediate transaction and `groups.clashes` are the guard.
"""

from django.db import migrations

# The room's guard looks at the end of each statement, or of the whole edit where `clashes.guarded` asks for
# it: a series that moves by a week passes over its own former times.
ROOMS = """
ALTER TABLE groups_session DROP CONSTRAINT one_session_in_a_room;
ALTER TABLE groups_session ADD CONSTRAINT one_session_in_a_room
EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, room_free_at) WITH &&) WHERE (cancelled_at IS NULL)
DEFERRABLE INITIALLY IMMEDIATE;
"""

# A session's hours are copied to each of its people, since a constraint sees one table alone. Empty for rows
# of a series, of a cancelled session, and of somebody whom a manager let be in two places (C2).
DURING = """
ALTER TABLE groups_facilitator ADD COLUMN during tstzrange;
UPDATE groups_facilitator AS row SET during = tstzrange(session.starts_at, session.ends_at)
FROM groups_session AS session
WHERE session.id = row.session_id AND session.cancelled_at IS NULL AND row.overlap_allowed_by_id IS NULL;
"""

IN_TWO_PLACES = """
SELECT person.username, one.session_id, other.session_id, lower(one.during), lower(other.during)
FROM groups_facilitator AS one
JOIN groups_facilitator AS other
ON other.person_id = one.person_id AND other.during && one.during AND other.id > one.id
JOIN accounts_user AS person ON person.id = one.person_id
ORDER BY lower(one.during), one.id
LIMIT 20
"""

# FOR SHARE: a session that moves at the same moment comes before or after, and either way the row has its
# hours. A session restored after its people (loaddata) finds them waiting.
TRIGGERS = """
CREATE FUNCTION groups_facilitator_during() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.during := NULL;
  IF NEW.session_id IS NOT NULL AND NEW.overlap_allowed_by_id IS NULL THEN
    SELECT tstzrange(starts_at, ends_at) INTO NEW.during FROM groups_session
    WHERE id = NEW.session_id AND cancelled_at IS NULL FOR SHARE;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER groups_facilitator_during
BEFORE INSERT OR UPDATE OF session_id, overlap_allowed_by_id ON groups_facilitator
FOR EACH ROW EXECUTE FUNCTION groups_facilitator_during();

CREATE FUNCTION groups_session_during() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE groups_facilitator
  SET during = CASE WHEN NEW.cancelled_at IS NULL THEN tstzrange(NEW.starts_at, NEW.ends_at) END
  WHERE session_id = NEW.id AND overlap_allowed_by_id IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER groups_session_during
AFTER INSERT OR UPDATE OF starts_at, ends_at, cancelled_at ON groups_session
FOR EACH ROW EXECUTE FUNCTION groups_session_during();

ALTER TABLE groups_facilitator ADD CONSTRAINT one_place_for_a_facilitator
EXCLUDE USING gist (person_id WITH =, during WITH &&) DEFERRABLE INITIALLY IMMEDIATE;
"""

REMOVE = """
ALTER TABLE groups_facilitator DROP CONSTRAINT one_place_for_a_facilitator;
DROP TRIGGER groups_session_during ON groups_session;
DROP TRIGGER groups_facilitator_during ON groups_facilitator;
DROP FUNCTION groups_session_during();
DROP FUNCTION groups_facilitator_during();
ALTER TABLE groups_facilitator DROP COLUMN during;
ALTER TABLE groups_session DROP CONSTRAINT one_session_in_a_room;
ALTER TABLE groups_session ADD CONSTRAINT one_session_in_a_room
EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, room_free_at) WITH &&) WHERE (cancelled_at IS NULL);
"""


class InTwoPlaces(Exception):
    """Somebody leads two sessions at one time. Give one of each pair to somebody else, or cancel it."""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(ROOMS)
    schema_editor.execute(DURING)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(IN_TWO_PLACES)
        pairs = [
            f"{who}: session {one} ({start:%Y-%m-%d %H:%M %Z}) and session {other} ({then:%Y-%m-%d %H:%M %Z})"
            for who, one, other, start, then in cursor.fetchall()
        ]
    if pairs:
        raise InTwoPlaces("\n".join([f"{InTwoPlaces.__doc__} Then migrate again.", *pairs]))
    schema_editor.execute(TRIGGERS)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(REMOVE)


class Migration(migrations.Migration):
    dependencies = [("groups", "0003_the_schedule")]

    operations = [migrations.RunPython(guard, unguard)]
