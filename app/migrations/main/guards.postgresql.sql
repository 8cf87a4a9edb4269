-- What the tables of the history refuse on PostgreSQL. Statements are parted by empty lines.
-- The second guard is the role of the product, which has no right to UPDATE, DELETE or TRUNCATE them (docs/history.md).

CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege',
        MESSAGE = 'the history is append-only: ' || TG_OP || ' on ' || TG_TABLE_NAME || ' is refused';
END $$

CREATE FUNCTION await_history_seal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO history_pending (event_sequence) SELECT sequence FROM added;
    RETURN NULL;
END $$

CREATE TRIGGER history_event_awaits_seal AFTER INSERT ON history_event
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION await_history_seal()

-- ALWAYS: also where session_replication_role silences ordinary triggers.
ALTER TABLE history_event ENABLE ALWAYS TRIGGER history_event_awaits_seal

CREATE TRIGGER history_event_refuses_change BEFORE UPDATE OR DELETE ON history_event
FOR EACH ROW EXECUTE FUNCTION refuse_history_change()

CREATE TRIGGER history_event_refuses_truncate BEFORE TRUNCATE ON history_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()

ALTER TABLE history_event ENABLE ALWAYS TRIGGER history_event_refuses_change,
    ENABLE ALWAYS TRIGGER history_event_refuses_truncate

CREATE TRIGGER history_seal_refuses_change BEFORE UPDATE OR DELETE ON history_seal
FOR EACH ROW EXECUTE FUNCTION refuse_history_change()

CREATE TRIGGER history_seal_refuses_truncate BEFORE TRUNCATE ON history_seal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()

ALTER TABLE history_seal ENABLE ALWAYS TRIGGER history_seal_refuses_change,
    ENABLE ALWAYS TRIGGER history_seal_refuses_truncate

CREATE TRIGGER history_seal_entry_refuses_change BEFORE UPDATE OR DELETE ON history_seal_entry
FOR EACH ROW EXECUTE FUNCTION refuse_history_change()

CREATE TRIGGER history_seal_entry_refuses_truncate BEFORE TRUNCATE ON history_seal_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()

ALTER TABLE history_seal_entry ENABLE ALWAYS TRIGGER history_seal_entry_refuses_change,
    ENABLE ALWAYS TRIGGER history_seal_entry_refuses_truncate

CREATE TRIGGER erasure_refuses_change BEFORE UPDATE OR DELETE ON erasure
FOR EACH ROW EXECUTE FUNCTION refuse_history_change()

CREATE TRIGGER erasure_refuses_truncate BEFORE TRUNCATE ON erasure
FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()

ALTER TABLE erasure ENABLE ALWAYS TRIGGER erasure_refuses_change,
    ENABLE ALWAYS TRIGGER erasure_refuses_truncate

CREATE TRIGGER look_refuses_change BEFORE UPDATE OR DELETE ON look
FOR EACH ROW EXECUTE FUNCTION refuse_history_change()

CREATE TRIGGER look_refuses_truncate BEFORE TRUNCATE ON look
FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()

ALTER TABLE look ENABLE ALWAYS TRIGGER look_refuses_change,
    ENABLE ALWAYS TRIGGER look_refuses_truncate
