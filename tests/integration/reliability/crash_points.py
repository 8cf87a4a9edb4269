"""Dying at a chosen place of the database layer: a plug-in of the tests, unknown to the product.

The places are counted: before each statement that writes, before and after each commit. When the count reaches the
chosen place the process ends at once, without any clean-up, as with kill -9.
"""

import os
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

KILLED = 137


class CrashPoints:
    """Counts the places a process passes on its engines and dies at number `fatal`; `place` says what came there."""

    def __init__(self, fatal: int, report: Callable[[str], object]) -> None:
        self._fatal, self._report = fatal, report
        self.passed = 0

    def install(self, engine: Engine) -> None:
        event.listen(engine, "before_cursor_execute", self._statement)
        commit = engine.dialect.do_commit

        def around_commit(connection: Any) -> None:
            self._pass("before COMMIT")
            commit(connection)
            self._pass("after COMMIT")

        engine.dialect.do_commit = around_commit  # type: ignore[method-assign]

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("SELECT"):
            self._pass(" ".join(statement.split())[:60])

    def _pass(self, place: str) -> None:
        self.passed += 1
        if self.passed == self._fatal:
            self._report(place)
            os._exit(KILLED)
