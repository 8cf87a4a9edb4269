"""Conditions on what stands in an event, where no column repeats it; its bytes are canonical JSON (docs/history.md)."""

from typing import Any

import orjson
from sqlalchemy import Boolean, LargeBinary, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class has_bytes(FunctionElement[bool]):  # noqa: N801 - a function of SQL
    """Whether the first value, bytes, has the second anywhere in it."""

    type = Boolean()
    inherit_cache = True


@compiles(has_bytes, "sqlite")
def _on_sqlite(element: has_bytes, compiler: SQLCompiler, **options: Any) -> str:
    content, wanted = element.clauses
    return f"instr({compiler.process(content, **options)}, {compiler.process(wanted, **options)}) > 0"


@compiles(has_bytes, "postgresql")
def _on_postgresql(element: has_bytes, compiler: SQLCompiler, **options: Any) -> str:
    content, wanted = element.clauses
    return f"position({compiler.process(wanted, **options)} in {compiler.process(content, **options)}) > 0"


class body_text(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """The text that the body of an event, its bytes the first value, has under a name, the second; null without it."""

    type = String()
    inherit_cache = True


@compiles(body_text, "sqlite")
def _text_on_sqlite(element: body_text, compiler: SQLCompiler, **options: Any) -> str:
    content, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract(CAST({content} AS TEXT), '$.body.' || {name})"


@compiles(body_text, "postgresql")
def _text_on_postgresql(element: body_text, compiler: SQLCompiler, **options: Any) -> str:
    content, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(convert_from({content}, 'UTF8')::json -> 'body' ->> {name})"


def body_begins(canonical: Any, name: str, value: object) -> has_bytes:
    """Whether the body's first key, in the order of the alphabet, is this one with this value."""
    return _has(canonical, b'"body":{' + _entry(name, value) + b",")


def body_has(canonical: Any, name: str, value: object) -> has_bytes:
    """Whether the event has such an entry; for names that only the body has."""
    return _has(canonical, _entry(name, value))


def body_starts_with(canonical: Any, name: str) -> has_bytes:
    """Whether the body's first key, in the order of the alphabet, is this one, whatever its value."""
    return _has(canonical, b'"body":{' + orjson.dumps(name) + b":")


def _entry(name: str, value: object) -> bytes:
    return orjson.dumps(name) + b":" + orjson.dumps(value)


def _has(canonical: Any, wanted: bytes) -> has_bytes:
    return has_bytes(canonical, literal(wanted, LargeBinary))
