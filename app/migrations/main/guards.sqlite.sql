-- What the tables of the history refuse on SQLite. Statements are parted by empty lines.

CREATE TRIGGER history_event_refuses_update BEFORE UPDATE ON history_event BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: UPDATE on history_event is refused');
END

CREATE TRIGGER history_event_refuses_delete BEFORE DELETE ON history_event BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: DELETE on history_event is refused');
END

-- INSERT OR REPLACE deletes without firing DELETE triggers, so the insert itself has to be refused.
CREATE TRIGGER history_event_refuses_replace BEFORE INSERT ON history_event
    WHEN EXISTS (SELECT 1 FROM history_event WHERE sequence = NEW.sequence)
    OR EXISTS (SELECT 1 FROM history_event WHERE stream = NEW.stream AND stream_sequence = NEW.stream_sequence)
BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: replacing a row of history_event is refused');
END

CREATE TRIGGER history_seal_refuses_update BEFORE UPDATE ON history_seal BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: UPDATE on history_seal is refused');
END

CREATE TRIGGER history_seal_refuses_delete BEFORE DELETE ON history_seal BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: DELETE on history_seal is refused');
END

CREATE TRIGGER history_seal_refuses_replace BEFORE INSERT ON history_seal
    WHEN EXISTS (SELECT 1 FROM history_seal WHERE number = NEW.number)
    OR EXISTS (SELECT 1 FROM history_seal WHERE size = NEW.size)
BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: replacing a row of history_seal is refused');
END

CREATE TRIGGER history_seal_entry_refuses_update BEFORE UPDATE ON history_seal_entry BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: UPDATE on history_seal_entry is refused');
END

CREATE TRIGGER history_seal_entry_refuses_delete BEFORE DELETE ON history_seal_entry BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: DELETE on history_seal_entry is refused');
END

CREATE TRIGGER history_seal_entry_refuses_replace BEFORE INSERT ON history_seal_entry
    WHEN EXISTS (SELECT 1 FROM history_seal_entry WHERE position = NEW.position)
    OR EXISTS (SELECT 1 FROM history_seal_entry WHERE event_sequence = NEW.event_sequence)
BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: replacing a row of history_seal_entry is refused');
END

CREATE TRIGGER erasure_refuses_update BEFORE UPDATE ON erasure BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: UPDATE on erasure is refused');
END

CREATE TRIGGER erasure_refuses_delete BEFORE DELETE ON erasure BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: DELETE on erasure is refused');
END

CREATE TRIGGER erasure_refuses_replace BEFORE INSERT ON erasure
    WHEN EXISTS (SELECT 1 FROM erasure WHERE subject_id = NEW.subject_id)
BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: replacing a row of erasure is refused');
END

CREATE TRIGGER look_refuses_update BEFORE UPDATE ON look BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: UPDATE on look is refused');
END

CREATE TRIGGER look_refuses_delete BEFORE DELETE ON look BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: DELETE on look is refused');
END

CREATE TRIGGER look_refuses_replace BEFORE INSERT ON look
    WHEN EXISTS (SELECT 1 FROM look WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the history is append-only: replacing a row of look is refused');
END

CREATE TRIGGER history_event_awaits_seal AFTER INSERT ON history_event BEGIN
    INSERT INTO history_pending (event_sequence) VALUES (NEW.sequence);
END
