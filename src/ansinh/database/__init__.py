"""The database room: an embedded PostgreSQL server, its roles and addresses, bulk loading and backups."""
