"""Replaces a function of django-pghistory that made a transaction with many changes slow.

The library's function reads two settings that may not exist within a block that catches exceptions. Each call is a
subtransaction, and the time of a transaction grows with the square of its rows: 12,000 rights took 7.5 s, now 1.6 s.
"""

from django.db import migrations

from alliance.lib.migrations import LockTimeout

ATTACH_CONTEXT = """
    CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS uuid LANGUAGE plpgsql AS $$
    DECLARE
        context uuid := nullif(current_setting('pghistory.context_id', true), '')::uuid;
        facts jsonb := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
    BEGIN
        IF context IS NULL OR facts IS NULL THEN
            RETURN NULL;
        END IF;
        INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
        VALUES (context, facts, now(), now())
        ON CONFLICT (id) DO UPDATE
            SET metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at
            WHERE pghistory_context.metadata != EXCLUDED.metadata;
        RETURN context;
    END;
    $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_industries"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        LockTimeout(),
        migrations.RunSQL(ATTACH_CONTEXT, migrations.RunSQL.noop),
    ]
