"""The end of an application in tests: nothing of it may hold a connection when its databases go."""

from flask import Flask

from app.extensions import db
from app.web import events_stream


def let_go_of_databases(app: Flask) -> None:
    """End the event streams, wait for the last look of their watcher, close all connections."""
    watcher = app.extensions[events_stream.KEY]
    watcher.end_streams()
    if watcher._thread:
        watcher._thread.join(5)
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
