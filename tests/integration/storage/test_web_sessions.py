"""Flask-SQLAlchemy's session stands on the same two databases with the same rules."""

from pathlib import Path

from app import create_app
from app.config import Config
from app.database import writing
from app.extensions import db
from app.operations.actor import SYSTEM
from app.operations.history import Event, append_events, case_stream
from app.operations.history_reading import read_events
from app.operations.history_sealing import seal_history
from app.operations.history_verification import verify_history
from tests.integration.history.conftest import NOW


def test_history_with_keys_in_the_web(database_url: str, keys_url: str, tmp_path: Path) -> None:
    app = create_app(Config(tmp_path, database_url, keys_url, "0123456789abcdef" * 4, is_production=False))
    event = Event("customer_heard", {}, personal={"said": "x"}, subject_id="c1")
    with app.app_context():
        with writing(1):
            append_events(db.session(), case_stream("a"), [event], actor=SYSTEM, now=NOW)
            seal_history(db.session(), NOW)
            db.session.commit()
        (found,) = read_events(db.session(), case_stream("a"))
        assert found.personal == {"said": "x"}
        assert verify_history(db.session()).is_intact
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
