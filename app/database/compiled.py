"""A statement in the words of one kind of database: made once, so that running it is the driver's work alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.types import Float, Numeric, TypeEngine

Convert = Callable[[Any], Any]
Parameters = tuple[object, ...] | dict[str, object]
# PostgreSQL's own numbers of these types.
_NUMERIC, _DOUBLE = 1700, 701
Record = tuple[Any, ...]


class NotPreparable(TypeError):
    """A statement cannot be made once for all values; a defect of the caller, found when it first runs."""


@dataclass(frozen=True, slots=True)
class CompiledStatement:
    """The text for the driver, the values it takes in the driver's order, and what has to be converted.

    `constants` are those values of the statement itself that are not part of its text; `inward` and `outward` the
    places of values and of columns whose type the driver does not know, each with its conversion.
    """

    text: str
    names: tuple[str, ...]
    constants: Mapping[str, object]
    is_positional: bool
    pick: Callable[[Mapping[str, object]], Iterable[object]]  # the values of `names`
    inward: tuple[tuple[int, Convert], ...]
    outward: tuple[tuple[int, Convert], ...]

    def parameters(self, values: Mapping[str, object]) -> Parameters:
        """The values as the driver takes them; raises KeyError for one that is missing."""
        if self.constants:
            values = {**self.constants, **values}
        ordered = [*self.pick(values)]
        for place, convert in self.inward:
            ordered[place] = convert(ordered[place])
        return tuple(ordered) if self.is_positional else dict(zip(self.names, ordered, strict=True))

    def records(self, rows: Sequence[Record]) -> Sequence[Record]:
        """The rows of the driver as the tables declare them."""
        return [self._record(row) for row in rows] if self.outward else rows

    def _record(self, row: Record) -> Record:
        columns = list(row)
        for place, convert in self.outward:
            columns[place] = convert(columns[place])
        return tuple(columns)


def compile_statement(
    statement: ClauseElement, dialect: Dialect, columns: Sequence[str] | None = None
) -> CompiledStatement:
    """Make a statement into the text and the conversions of a database.

    Arguments: columns, those an INSERT gives values for, where the statement does not say so itself. Raises
    `NotPreparable` for lists of values (`expanding`) and for columns whose default is a function.
    """
    compiled = _compiler(dialect)(dialect, statement, column_keys=list(columns) if columns else None)
    if compiled.post_compile_params or compiled.literal_execute_params:
        raise NotPreparable(f"lists of values are written into the text anew each time: {compiled.string}")
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    names = tuple(binds) if compiled.positiontup is None else tuple(compiled.positiontup)
    inward = [binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    outward = [
        type_.dialect_impl(dialect).result_processor(dialect, _driver_type(type_)) for type_ in _result_types(statement)
    ]
    return CompiledStatement(
        text=compiled.string,
        names=names,
        constants={name: bind.effective_value for name, bind in binds.items() if not bind.required}
        | _defaults(compiled),
        is_positional=compiled.positiontup is not None,
        pick=_picker(names),
        inward=_places(inward),
        outward=_places(outward),
    )


@lru_cache(maxsize=16)
def _compiler(dialect: Dialect) -> type[SQLCompiler]:
    """The compiler of a kind of database, made to write constants into the text.

    As values they would have SQLite compile the statement anew each time it runs, wherever a partial index might fit
    them (sqlite.org/c3ref/prepare.html): measured, 400 us for the rule of visibility.
    """
    usual: Any = dialect.statement_compiler

    class WithConstants(usual):  # type: ignore[misc]  # each kind has a class of its own
        def visit_bindparam(self, bindparam: BindParameter[Any], **options: Any) -> str:
            if not bindparam.required and isinstance(bindparam.effective_value, (str, int)):
                options["literal_binds"] = True
            text: str = super().visit_bindparam(bindparam, **options)
            return text

    return WithConstants


def _driver_type(type_: TypeEngine[Any]) -> int | None:
    """What the driver of PostgreSQL would say a number is; nothing else is asked for."""
    if isinstance(type_, Float):
        return _DOUBLE
    return _NUMERIC if isinstance(type_, Numeric) else None


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, object]], Iterable[object]]:
    """What takes the values of these names out of a mapping, in C wherever there are two or more."""
    return itemgetter(*names) if len(names) > 1 else lambda values: [values[name] for name in names]


def _places(converters: Sequence[Convert | None]) -> tuple[tuple[int, Convert], ...]:
    return tuple((place, convert) for place, convert in enumerate(converters) if convert is not None)


def _result_types(statement: ClauseElement) -> list[TypeEngine[Any]]:
    if isinstance(statement, (SelectBase, UpdateBase)):
        return [column.type for column in statement.exported_columns]
    return []


def _defaults(compiled: SQLCompiler) -> dict[str, object]:
    """Values of the columns that were not given one and have a default in Python."""
    defaults: dict[str, object] = {}
    for column in (*(compiled.insert_prefetch or ()), *(compiled.update_prefetch or ())):
        if not isinstance(column.default, ScalarElementColumnDefault):
            raise NotPreparable(f"give a value for {column}: its default is made anew each time")
        defaults[column.key] = column.default.arg
    return defaults
