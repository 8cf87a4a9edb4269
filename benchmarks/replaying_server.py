"""`python -m benchmarks.replaying_server`: the bare server, whose requests run recorded statements and commit them."""

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from app.cli.frame import settings
from app.database import create_engine_for
from benchmarks.bare_server import BareServer

PATH = "/replay/{}"
FILE = "statements.json"
# Text, values, and whether these are many rows of values.
Recorded = tuple[str, Any, bool]


def written(text: str, values: Any, *, is_many: bool) -> Recorded:
    """A statement in a form that JSON can hold."""
    rows = [[_written(value) for value in row] for row in (values if is_many else [values])]
    return text, rows, is_many


def _written(value: object) -> object:
    return {"bytes": bytes(value).hex()} if isinstance(value, bytes | memoryview) else value


def _read(value: Any) -> Any:
    return bytes.fromhex(value["bytes"]) if isinstance(value, dict) else value


class Replay:
    """The requests of a recording, each run once in the order they came."""

    def __init__(self, file: Path, connection: sqlite3.Connection) -> None:
        recorded = json.loads(file.read_text(encoding="utf-8"))
        self._requests = [
            [(text, [tuple(map(_read, row)) for row in rows], is_many) for text, rows, is_many in statements]
            for statements in recorded
        ]
        self._connection = connection
        self._alone = threading.Lock()

    def run(self, number: int) -> None:
        """One request in one durable transaction."""
        with self._alone:
            cursor = self._connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            for text, rows, is_many in self._requests[number]:
                if is_many:
                    cursor.executemany(text, rows)
                else:
                    cursor.execute(text, rows[0]).fetchall()
            cursor.execute("COMMIT")


class ReplayingServer(BareServer):
    """The bare server; of the product itself only the settings of the database."""

    def load(self) -> Any:
        """Runs in the serving process."""
        config = settings()
        connection: Any = create_engine_for(config.database_url).raw_connection().driver_connection
        replay = Replay(config.data_dir / FILE, connection)
        app = super().load()

        def answer(number: int) -> Response:
            if request.form:
                replay.run(number)
            return redirect("/", 303)

        app.add_url_rule("/replay/<int:number>", "replay", answer, methods=["POST"])
        return app


if __name__ == "__main__":
    ReplayingServer(settings(), lambda: None).run()
