"""Connections to SQLite, kept apart by what they did last: read or write.

Telling a connection that it may write now (PRAGMA query_only) makes SQLite compile all of its statements anew, some
20 us each; measured, a request that reads, then writes, spends more on that than on its statements.
"""

import logging
from contextlib import ExitStack

from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util.queue import Queue

from app.database.transactions import is_writing

# SQLAlchemy names a pool's log by its class: this is its everyday talk, not ours.
logging.getLogger(f"{__name__}.ReadersAndWriters").setLevel(logging.WARNING)

IS_WRITER = "is_writer"


class ReadersAndWriters(QueuePool):
    """A pool that gives out a connection of the kind the coming transaction is, where one is idle or can be made.

    `begin_sqlite` turns one of the other kind where there is none: the pool saves work, it guards nothing.
    """

    def _do_get(self) -> ConnectionPoolEntry:
        fitting = self._take_fitting()
        if fitting is not None:
            return fitting
        if self._overflow < 0 and self._inc_overflow():  # there may be more than are open
            with ExitStack() as undo:
                undo.callback(self._dec_overflow)
                entry = self._create_connection()
                undo.pop_all()
                return entry
        return super()._do_get()

    def _take_fitting(self) -> ConnectionPoolEntry | None:
        idle = self._pool
        if not isinstance(idle, Queue):
            return None
        wanted = is_writing()
        with idle.mutex:
            entry: ConnectionPoolEntry
            for entry in reversed(idle.queue):  # the one used last has the warmest cache
                if entry.info.get(IS_WRITER, False) is wanted:
                    idle.queue.remove(entry)
                    return entry
        return None
