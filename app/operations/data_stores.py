"""Data stores of a site: read when a step first asks for one, written with what the step did."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import feel
from app.database import is_writing
from app.engine.outcome import DataStoreWrite
from app.models import DataStore
from app.models.prepared import table_of
from app.operations.cases import Case
from app.operations.encoding import json_text, value_of
from app.operations.rows import upsert_rows

_STORE = table_of(DataStore)


class SiteDataStores(Mapping[str, object]):
    """The stores that a process names, by name, and what was read of them.

    All of them are read, and locked until the transaction ends, when the first one is asked for, always in the same
    order: two steps that count up the same store do it one after the other, and never wait for each other.
    """

    def __init__(self, session: Session, site_id: str, names: frozenset[str], now: datetime) -> None:
        self._session: Session | None = session
        self._site_id = site_id
        self._now = now
        self._names = names
        self._loaded: dict[str, object] | None = None
        self.read: dict[str, object] = {}  # encoded, as for the history

    def __getitem__(self, name: str) -> object:
        value = self._values().get(name)
        self.read[name] = feel.encode(value)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)

    def release(self) -> None:
        """Let the session go: the engine keeps a case in memory, with its last context, for the next step."""
        self._session = None

    def _values(self) -> dict[str, object]:
        if self._loaded is None:
            if self._session is None:
                raise LookupError("the step is over: its data stores can no longer be read")
            self._loaded = self._locked(self._session)
            if len(self._loaded) < len(self._names) and is_writing():
                self._make_rows(self._session)
                self._loaded = self._locked(self._session)
        return self._loaded

    def _locked(self, session: Session) -> dict[str, object]:
        statement = (
            select(_STORE.c.name, _STORE.c.value)
            .where(_STORE.c.site_id == self._site_id, _STORE.c.name.in_(sorted(self._names)))
            .order_by(_STORE.c.name)
        )
        if is_writing():  # a step that is computed ahead only reads
            statement = statement.with_for_update()
        return {row.name: value_of(row.value) for row in session.execute(statement)}

    def _make_rows(self, session: Session) -> None:
        """Null where nothing was written yet: what does not exist could not be locked."""
        empty = {"site_id": self._site_id, "value": json_text(None), "changed_at": self._now}
        rows = [{**empty, "name": name, "changed_by_instance_id": None} for name in sorted(self._names)]
        upsert_rows(session, DataStore, rows, replaced=("site_id",))  # which stays: another may have been quicker


def record_data_stores(session: Session, case: Case, writes: Sequence[DataStoreWrite], *, now: datetime) -> None:
    """Write the last value that a step gave each store."""
    last = {write.store: write.value for write in writes}
    rows = [
        {
            "site_id": case.site_id,
            "name": name,
            "value": json_text(last[name]),
            "changed_at": now,
            "changed_by_instance_id": case.id,
        }
        for name in sorted(last)
    ]
    upsert_rows(session, DataStore, rows, replaced=("value", "changed_at", "changed_by_instance_id"))
