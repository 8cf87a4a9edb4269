"""Sessions whose hot statements and mapped objects share one transaction, whichever comes first."""

import pytest
from sqlalchemy import Engine, bindparam, event, select
from sqlalchemy.orm import Session, sessionmaker

from app.database import LeanSession, writing
from app.models import Group
from app.models.prepared import Prepared, table_of
from app.operations.rows import insert_rows

GROUP = table_of(Group)
FIND = Prepared(select(GROUP.c.name_en).where(GROUP.c.id == bindparam("which")))


def _group(name: str) -> dict[str, object]:
    return {"id": name, "name_en": "x", "name_zh": "x"}


def _names(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(Group.id).order_by(Group.id)))


@pytest.mark.parametrize("is_object_first", [True, False])
@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_objects_and_rows_live_and_die_together(
    sessions: sessionmaker[Session], engine: Engine, is_object_first: bool, end: str
) -> None:
    commits: list[object] = []
    listener = commits.append
    event.listen(engine, "commit", listener)
    with writing(1):
        session = sessions()
        if is_object_first:
            session.add(Group(**_group("object")))
            session.flush()
        insert_rows(session, Group, [_group("row")])
        session.add(Group(**_group("later")))
        assert session.get(Group, "row") is not None
        getattr(session, end)()
        session.close()
    event.remove(engine, "commit", listener)
    kept = ["later", *(["object"] if is_object_first else []), "row"] if end == "commit" else []
    assert _names(sessions) == kept
    assert len(commits) == (end == "commit")


def test_a_new_transaction_begins_after_each_end(sessions: sessionmaker[Session]) -> None:
    with writing(1), sessions() as session:
        assert isinstance(session, LeanSession)
        for name in ("a", "b"):
            insert_rows(session, Group, [_group(name)])
            session.commit()
            insert_rows(session, Group, [_group(f"not {name}")])
            session.rollback()
    assert _names(sessions) == ["a", "b"]


def test_a_failed_flush_leaves_nothing_behind(sessions: sessionmaker[Session]) -> None:
    with writing(1), sessions() as session:
        insert_rows(session, Group, [_group("a")])
        session.add(Group(**_group("a")))
        with pytest.raises(Exception, match=r"UNIQUE|duplicate"):
            session.commit()
        session.rollback()
        assert FIND.first(session, {"which": "a"}) is None
        insert_rows(session, Group, [_group("b")])
        session.commit()
    assert _names(sessions) == ["b"]


def test_connections_go_back(sessions: sessionmaker[Session], engine: Engine) -> None:
    for end in ("commit", "rollback", "close"):
        session = sessions()
        FIND.first(session, {"which": "a"})
        assert engine.pool.checkedout() == 1  # type: ignore[attr-defined]
        getattr(session, end)()
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_statement_alone_reads_in_no_transaction(sessions: sessionmaker[Session], engine: Engine) -> None:
    with writing(1), sessions() as session:
        insert_rows(session, Group, [_group("a")])
        assert FIND.rows_alone(engine, {"which": "a"}) == []
        session.commit()
    assert FIND.rows_alone(engine, {"which": "a"}) == [("x",)]
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    with pytest.raises(KeyError):
        FIND.rows_alone(engine)
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
