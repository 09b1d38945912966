"""Keep the SHA-256 of a request's body with what its X-Road headers said, so that either side can prove later which message it was.

Locks: the table of X-Road statements for a moment. Undo: the column is dropped with the digests.
"""

from django.db import migrations, models

STATE = [migrations.AddField("xroad", "request_sha256", models.BinaryField(null=True))]


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_before_done_for")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE audit_xroad ADD COLUMN request_sha256 bytea CONSTRAINT audit_xroad_digest_whole CHECK (length(request_sha256) = 32)",
            "ALTER TABLE audit_xroad DROP COLUMN request_sha256",
            state_operations=STATE,
        )
    ]
