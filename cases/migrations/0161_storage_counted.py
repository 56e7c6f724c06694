"""What is stored is counted, and drafts that were discarded before are due for disposal from now on."""

from django.db import migrations

_COUNT = """
INSERT INTO cases_storageuse (member_id, used_bytes)
SELECT cases_case.member_id, sum(evidence.size)
  FROM cases_evidence AS evidence JOIN cases_case ON cases_case.id = evidence.case_id
 GROUP BY cases_case.member_id
ON CONFLICT DO NOTHING
"""
_DISCARDED = """
INSERT INTO cases_discardeddraft (case_id, discarded_at)
SELECT id, statement_timestamp() FROM cases_case
 WHERE status = 'withdrawn' AND submitted_at IS NULL
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0160_storage_of_members")]

    operations = [
        migrations.RunSQL([_COUNT, _DISCARDED], migrations.RunSQL.noop),
    ]
