-- The role the product runs as on PostgreSQL. Run as the owner of the tables, after `aftercare upgrade-database`,
-- which the owner runs. Give the role a password or another way to sign in; it owns nothing and may drop nothing.
CREATE ROLE aftercare_app LOGIN;
GRANT USAGE ON SCHEMA public TO aftercare_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO aftercare_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO aftercare_app;

-- What was recorded is added to and read, nothing else: the second guard beside the triggers.
REVOKE UPDATE, DELETE, TRUNCATE ON history_event, history_seal, history_seal_entry, erasure, look, issued_report FROM aftercare_app;
REVOKE UPDATE, TRUNCATE ON history_pending FROM aftercare_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version FROM aftercare_app;
